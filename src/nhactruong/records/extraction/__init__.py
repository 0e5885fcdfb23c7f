"""Reading what came in: safe inspection, text, page pictures, proposals for the register.

Pure engine in `engine/` and `rules/`; here its kept results.
Doors: `commands`, `selectors`.
"""
