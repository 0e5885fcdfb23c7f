"""The one component library of the product: tags, page shell, styles, scripts, gallery `/_ui/`.

Words: a *component* is a template tag of `{% load ui %}` with one look in every place; a *tone* is
the meaning of a colour (ok, soon, info, late, neutral) and never stands without icon and word.
Doors: `templatetags/ui`, `templates/ui/base.html`, `templates/ui/plain.html`, `shapes`, `fields`.
Sources: screens.md (design), WCAG 2.2 AA. Reference for page builders:
`docs/how-it-works/components.md`.
"""
