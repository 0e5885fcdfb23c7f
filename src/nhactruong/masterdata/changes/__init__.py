"""Changes of organisation, posts and rights: one person asks, another decides, a third gains.

A *change order* (Phiếu thay đổi) says one change of one kind: a role given to a post or taken from
it, a holder, a post, a unit, an agency's name or identifier. It takes effect by the answer of the head of
office, in the same transaction, through the verbs of `organization`; the database knows that who
asked never answered. Words: *gaining*, the people to whom the change gives something.
Doors: `commands`, `selectors`, `rules`. Source: security.md 8 (row 25), 9 (rule 4).
"""
