"""Agencies, organs, units, registries, posts, people: four kinds of body kept apart.

An *agency* is a legal body with a seal; an *organ* decides and issues; a *unit* is a division of
an agency; a *registry* keeps books, possibly for several agencies. Work and sight belong to
*posts*; *people* hold posts for a time. Periods are half open `[from, to)`.
Delegation lends a post's sight to a person until a second (`rules`, `delegating`); never an act.
Doors: `commands`, `selectors`, `finding` (people in the whole directory).
Source: architecture.md 4, documents.md 4.4, 6, 8.1.
"""
