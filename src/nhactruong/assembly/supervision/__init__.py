"""The operator's side: one command that starts, watches and stops everything an office needs.

Words: *installation* (one state folder with its settings), *child* (web, worker, PostgreSQL),
*refusal* (a start that must not go on: one sentence and one documented exit code).
Nothing here imports Django, so that `nhactruong` answers at once; what needs Django runs in a
child process. Doors: `installation.from_environ`, `processes.Supervisor`,
`postgres.temporary_cluster` (tests), `database.borrowed`. Operator's page:
`docs/how-it-works/operations.md`.
"""
