"""The text of a draft: one structured body from which page, PDF and DOCX derive.

Pure rooms: `rules` (body, templates) and `typesetting` (exact form). Doors: the same.
"""
