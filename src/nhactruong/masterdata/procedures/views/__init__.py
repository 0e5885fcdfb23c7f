"""Pages of the catalogue: reading it, and wording a new version."""
