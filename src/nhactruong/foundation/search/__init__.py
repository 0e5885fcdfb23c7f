"""One search over everything one may see: apps hand over cards with tokens, the engine filters.

Embedded engine: PostgreSQL full text over folded words. Doors: `commands.put`, `selectors.find`.
"""
