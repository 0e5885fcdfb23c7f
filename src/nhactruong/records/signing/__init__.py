"""Electronic signatures: who holds which key, what was signed, how it verifies.

Pure engine in `engine/`; here its records and the one port through which keys are used.
Doors: `commands`, `selectors`, `ports`, `soft` (the keys behind the port), `checking` (a kept
file is looked at and the report kept), `verifying` (what a file is worth here), `showing` (a report in
words, on the screen and on paper). Page: *Kiểm tra chữ ký số*, for any file, keeping nothing.
Source: signatures.md.
"""
