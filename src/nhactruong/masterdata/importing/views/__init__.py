"""Pages of imports: the list of them, a new one, its report and decision, lists as files."""
