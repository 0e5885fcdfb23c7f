"""Numbers we promise, measured: a large office made quickly, then read and written as people do.

Not part of the web process. Doors: `filling.fill` (documents into an empty database),
`measuring.measure` (the whole table), `report` (the page and the JSON). Command:
`nhactruong bench`. Source: architecture.md 7.
"""
