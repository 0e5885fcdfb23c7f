"""Pages: delegations given and received, absences, what an agency has delegated."""
