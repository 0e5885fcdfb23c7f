"""Short messages to a post: something happened that it need not act on.

Doors: `commands.tell`, `selectors`.
"""
