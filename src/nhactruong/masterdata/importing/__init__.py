"""Lists of the organization brought in from a file and taken out as one: CSV and XLSX.

A file is read in a child process and checked by a job, all rows in one pass; nothing is written
before a second person has approved, then everything in one transaction or nothing. Rows that say
what is already so change nothing, rows that are missing delete nothing. What a row made is found
from its `ImportRow`. `engine` reads files and knows no Django, `checking` compares rows with what
is, `rules` say what a list consists of. Source: security.md 6 V1, V5; 8, row "Shared data store".
"""
