"""Code lists with validity: document types. Doors: `selectors`, `commands`.

Source: documents.md 2, document_types.csv.
"""
