"""The one inbox: whatever waits for a post, from any module, written with the act that causes it.

Work belongs to a post or a role (a token), not to a person. Doors: `commands`, `selectors`,
`kinds.register`, `terms.register`, `places.register`.
"""
