"""What data the office holds: the catalogue of data sets, its quality, and what is typed only once.

A *data set* is declared by the app that owns its tables, in `datasets.toml` beside them: owner,
meaning, every field, readers, basis, and the facts of personal data. A *check* is a function beside
the tables that finds what is missing, doubtful, duplicate or stale; its counts are kept a day. The
*once-only meter* lists every field of every form with its source (`foundation/ui/sources.py`) and
counts what was corrected or typed again, as numbers only.
Doors: `selectors`, `commands`. Source: security.md 5 (record of processing), 8 (line 20).
"""
