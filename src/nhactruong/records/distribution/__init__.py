"""Deliveries: what was sent to whom, by which channel, and what came back.

Doors: `commands`, `selectors`, `events`. Source: documents.md 8, exchange.md 4.
"""
