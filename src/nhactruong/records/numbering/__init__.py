"""Numbers without gap or twin: one locked counter a series.

A series is (registry, issuing body, group of types, period, copy kind, secrecy class). It is born
when its period opens, never on the fly; a void number keeps its reason and a second person.
Doors: `commands.take_next`, `commands.open_series`, `commands.void_number`, `selectors`.
Source: documents.md 3.1, 3.3; NĐ 30/2020 Điều 15.
"""
