"""Outgoing documents: drafted, reviewed, signed, numbered, sealed, issued, followed to receipt.

Doors: `commands`, `selectors`, `events`. Source: documents.md 8, signatures.md 2, security.md 8-9.
"""
