"""Who may see what, as integers: sight tokens of posts, units, roles and named lists.

A grant says because of what; the record carries the union of its granted tokens in `readers`,
and every list, search, count, feed and interface filters by the same array.
Doors: `rules` (tokens, lines), `base` (SightedRecord), `commands` (grant, lease), `selectors`.
Source: architecture.md 4, security.md 8.
"""
