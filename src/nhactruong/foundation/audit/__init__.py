"""The record of who did what: written with the act, chained soon after, never changed.

A row commits with its act and carries its own hash; readings and refusals are rows of the same
record. A sealer chains committed rows in commit order within seconds; a row older than a minute
without its place in the chain is an alarm. Each day's links get a signed, time-stamped root on a
shelf outside the database, so that a rewritten chain and a cut tail are seen, too.
Rows lie in partitions by how long they are kept and by month; a month past its time goes out, its
links stay. Doors: `commands`, `selectors`, `rules`; `circumstances` (how an act came in), `ports`
(who stamps) and `shelf` are filled in by the assembly.
Source: security.md 4, architecture.md 4.
"""
