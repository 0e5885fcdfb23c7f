"""The edge between a browser and the commands: errors, operations, limits, security headers.

Doors: `errors` (DomainError → answer), `operations` (done once), `limits`, `csp`, `requests`,
`pictures` (what a browser may keep).
"""
