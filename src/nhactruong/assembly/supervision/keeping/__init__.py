"""Backup and restore: one encrypted archive of everything an office cannot make again.

Doors: `archive` (the format), `keys` (who can read it), `backing_up`, `restoring`.
How it is used: docs/how-it-works/backup.md.
"""
