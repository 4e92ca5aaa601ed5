"""Commands that keep the record: its backups, its way to another database, and its key."""
