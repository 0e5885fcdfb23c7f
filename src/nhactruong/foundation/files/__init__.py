"""Bytes, once each, under the name of their hash; and which agency holds them.

Original bytes never change. A holding ends with a recall or purge; bytes go when the last
holding has gone. Doors: `commands`, `store` (the port), `engines` (a folder or a bucket behind it), `children` (the
bounds of a child process that parses what came from outside).
"""
