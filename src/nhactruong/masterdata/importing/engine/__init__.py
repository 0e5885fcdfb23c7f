"""Reading a spreadsheet or CSV file row by row in a bound child process; no Django, no database."""
