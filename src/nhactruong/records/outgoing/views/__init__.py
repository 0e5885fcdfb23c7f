"""The pages of outgoing documents: drafts, review, signature, issue, registers, files."""
