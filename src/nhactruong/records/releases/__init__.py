"""Letting many documents leave the house as one file: asked by one person, allowed by another.

A table of more than `rules.FREE_ROWS` lines is made only after somebody else has allowed it, for
exactly those filters and for a day. Smaller tables leave freely and are recorded.
Doors: `selectors` (`is_released`, `asking_address`), `commands`, `rules`.
Source: security.md 9.9.
"""
