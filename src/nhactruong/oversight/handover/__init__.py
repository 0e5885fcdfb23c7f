"""Bàn giao: somebody leaves his posts, or a post is relieved of its work; nothing is orphaned.

Work and sight belong to posts: where a *successor* takes the post, only the holder changes and
nothing is moved. Where nobody takes it, its open work (parts in documents, drafts, dossiers) goes
to other posts of the same agency, all to one or some apart. One proposes, another approves; it is
carried out on its day, ends the holdings, delegations and sessions of who leaves.
Doors: `commands`, `selectors`. Source: security.md 7-9 (lines 20 and 25 of the table of rights).
"""
