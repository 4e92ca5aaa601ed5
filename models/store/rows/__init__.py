"""What a row is, without a database: its columns and key, and its hash."""
