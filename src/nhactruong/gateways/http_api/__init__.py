"""The HTTP API: who calls (people and programs), limits, paging, problem answers, the directory.

Routers of records live in their apps; here stand keys of programs, the directory as of a day and
the feed of its changes. Doors: `api`, `commands`, `policies`, `selectors`, and for assembly
`authentication`, `building`. Source of the schema: `docs/openapi.json`, compared in the checks.
Source: security.md 8.
"""
