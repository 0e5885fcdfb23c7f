"""The HTTP API: authentication by key, paging, problem answers; routers live in the apps.

Source of the schema: `docs/openapi.json`, compared in the checks.
"""
