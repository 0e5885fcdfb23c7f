"""Work beyond documents: tasks, calendar, sessions. Built in later stages."""
