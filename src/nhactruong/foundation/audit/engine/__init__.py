"""How the record is hashed, chained, rooted and checked: pure, without Django, database or disk."""
