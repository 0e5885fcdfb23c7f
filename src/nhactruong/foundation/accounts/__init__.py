"""Accounts: who signs in, with what, and the second confirmation before an act of force.

An account is not a person and carries no right: rights come from posts (masterdata.organization).
Doors: `commands`, `selectors`, `base`; `asking`, because every page of an act of force asks the same.
"""
