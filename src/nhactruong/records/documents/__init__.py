"""Contents: a document's components, their versions, and the renditions of each version.

The original is never touched: what came in or was signed stays byte for byte, everything else is
a rendition that names its parent. Doors: `commands`, `selectors`, `events`.
Source: architecture.md 4.
"""
