"""Electronic signatures: who holds which key, what was signed, how it verifies.

Pure engine in `engine/`; here its records and the one port through which keys are used.
Doors: `commands`, `selectors`, `ports`. Source: signatures.md.
"""
