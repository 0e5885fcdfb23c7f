"""Work dossiers: opened from the file plan, filled as the work goes, closed when it is done.

Doors: `commands`, `selectors`. Source: documents.md 9.
"""
