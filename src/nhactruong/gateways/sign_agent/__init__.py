"""The helper on the signer's own PC: a loopback door to the token that is plugged in there.

A browser cannot reach a token. The office's signing page asks this program on 127.0.0.1; the
program asks the person for the PIN on a page of its own, so that no PIN passes through the office.
Needs neither database nor Django. Door: `program.main`. Source: signatures.md 5 (mode `agent`).
"""
