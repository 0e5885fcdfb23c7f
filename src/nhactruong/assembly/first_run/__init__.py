"""The first page of an empty office in production: two administrators and the first agency.

Open while no account exists and only to whoever has the one-time code told at the server's
terminal (`assembly/supervision/first_run.py`); closed for ever by the first account. Doors:
`gate.FirstRunMiddleware`, `views.first_run`, `commands.found_office`. Source: security.md 6 V13.
"""
