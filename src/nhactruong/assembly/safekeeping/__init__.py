"""Backups of a whole office: encrypted, written while it works, restored on an empty machine.

Words: *shelf* (the folder outside the office that keeps backups), *piece* (one encrypted file on
the shelf), *snapshot* (one backup: a folder named by its instant that appears only when it is
whole). Stored files never change, so their pieces are shared by all snapshots of a shelf.
Nothing here but `proving` imports Django. Doors: `saving.save`, `restoring.restore`,
`keys`, `proving.prove`. Operator's page: `docs/how-it-works/backup.md`.
"""
