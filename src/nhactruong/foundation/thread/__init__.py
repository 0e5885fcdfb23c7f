"""The red thread: what came of what, as links between records of any kind.

Whatever is created because of something else records the link when it is created. A page of the
thread shows only knots the reader may see. Doors: `commands.connect`, `selectors`, `cards`.
"""
