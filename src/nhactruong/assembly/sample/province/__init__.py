"""A whole province's Party organization, made up: from the list of communes to who sits where.

`plan` draws it from a seed (pure), `founding` writes it by the commands of the organization. No
test certificates are made: nobody of it signs before an administrator registers keys. Door:
`nhactruong.assembly.sample.load_province`.
"""
