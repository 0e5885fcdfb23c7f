"""Procedures: steps, who does them, norms of time, forms and legal basis, published in versions.

A level publishes, those below adopt or adapt; a published version never changes. A *case* is a
record that walks through a procedure: it is pinned to the version in force when it was opened and
keeps its trail, so that time used is measured against that version's norms. The state tables of
the records stay the law; the shipped procedures agree with them by test.
Doors: `base.Case`, `commands`, `selectors`, `rules`. Source: documents.md 7, 8; security.md 8.
"""
