"""Mail: short notices by e-mail, sent by a job and never inside the transaction of an act.

No content of documents and no secret goes by mail. Where it is handed over is a setting
(`NHACTRUONG_SMTP_URL`; without one, a folder under the state keeps every letter as a file).
Doors: `commands`, `events`.
"""
