"""Which days the office works: a library's holidays, beaten by the office's own table.

Doors: `selectors.calendar`, `commands.override_day`. Source: documents.md 11.
"""
