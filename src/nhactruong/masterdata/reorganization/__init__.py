"""Agencies that merge, split or dissolve into a successor, and the open work that passes on.

A *reorganization* names old and new agencies and, for each post that ends, the post that comes
after. Proposed, approved and carried out by three people; carried out by one command in one
transaction. What moves is known by the apps above: each gives a `base.Mover`. Registered papers
keep agency, number and words of the body that has ended; successors bear its sight.
Doors: `base` (movers), `commands`, `selectors` (successors), `rules`. Source: architecture.md 4.
"""
