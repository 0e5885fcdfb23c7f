"""Incoming documents: received, registered, directed, assigned, answered, filed.

Doors: `commands`, `selectors`, `events`, `taking`. Source: documents.md 7; NĐ 30/2020 Điều 20-24.
"""
