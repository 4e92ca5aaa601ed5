"""The database itself: opened, asked, and held by one writer at a time."""
