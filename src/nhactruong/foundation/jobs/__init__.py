"""Work that may be late: jobs in the same database, and facts announced upwards.

A job commits or vanishes with the data. Every handler of an event is a job of its own, done at
least once and recorded uniquely, so that doing it again changes nothing.
Doors: `base` (job, event), `commands.publish`.
"""
