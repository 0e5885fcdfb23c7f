"""Signing and verifying PDF files in memory: no Django, no database, no network.

Words: *personal signature* (chữ ký số của người có thẩm quyền), *seal* (chữ ký số của cơ quan),
*DSS* (certificates and revocation lists kept inside the file), *verdict* (our own conclusion,
never the library's).

Doors: `acts` (sign, fill number and date, seal), `validation` (verify), `verdicts` (its words),
`identity` and `trust` (who signs, whom we trust), `images` (what is drawn), `testpki` (samples).
Source: signatures.md; docs/how-it-works/signing.md (the order of acts).
"""
