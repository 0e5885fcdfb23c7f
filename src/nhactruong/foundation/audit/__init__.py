"""The record of who did what: written with the act, chained soon after, never changed.

A row commits with its act and carries its own hash. A sealer chains committed rows in commit
order within seconds; a row older than a minute without its place in the chain is an alarm.
Reads go to their own monthly partition. Doors: `commands`, `selectors`, `rules`.
Source: security.md 4, architecture.md 4.
"""
