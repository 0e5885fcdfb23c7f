"""Reading what is known about the data."""
