"""Drafting: the structured body of a document, its templates, and the Party form it is printed in.

Words: *body* (blocks of runs, canonical), *template* (skeleton of a document type), *letter*
(what is printed), *typeset* (PDF/A with anchors), *frozen* (the PDF that goes to be signed).
Sources: documents.md §2-4, signatures.md §2-3.
"""
