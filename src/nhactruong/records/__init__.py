"""Documents and dossiers: from the first page received or drafted to the last byte kept."""
