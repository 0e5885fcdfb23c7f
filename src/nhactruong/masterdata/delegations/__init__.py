"""Delegation, absence and what was done meanwhile: rules (1)-(8) of security.md 7.

A *delegation* lends a post to a person until a second: its sight, and the acts named in it. An
*absence* is declared by the person away, who names the *substitute*; it makes such delegations by
itself. The rows stand in `organization`, which makes the actor of every request from them; here are
the acts on them, the pages, the daily *digest* to the giver and the summary on return. How acts of
the record are worded is registered by assembly (`telling`).
Doors: `commands`, `selectors`, `telling`. Source: security.md 7, docs/how-it-works/delegation.md.
"""
