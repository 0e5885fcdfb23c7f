"""Guarded records, commands, operations done once, keyset pages.

Words: a *record* is a row only a command may write; a *command* is one office verb in one
transaction; an *operation* is one press of a button, whose answer is kept so that a repeated
press gets the first answer.
Doors: `base` (Record, command), `inserting`, `operations`, `paging`.
"""
