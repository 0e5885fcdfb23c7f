"""The edge between a browser and the commands: errors, operations, limits, security headers.

Doors: `errors` (DomainError → answer), `addresses` (where a person may be sent), `operations` (done
once), `limits`, `csp`, `requests`, `pictures` (what a browser may keep).
"""
