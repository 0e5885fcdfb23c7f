"""What the pages of this app send: the sheet of a draft, its blocks, and the acts."""
