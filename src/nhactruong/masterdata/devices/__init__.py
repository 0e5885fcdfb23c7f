"""Register of certificates, tokens and cipher devices: who holds what, until when.

A *device* is what signs, seals or ciphers: its key never comes near this store. Custody passes on
by a paper and is acknowledged by whoever receives; keys of an HSM and of cipher devices have two
custodians. Loss is reported by whoever notices and holds at once.
Doors: `commands`, `selectors`, `rules`. Source: security.md 8, 9.5.
"""
