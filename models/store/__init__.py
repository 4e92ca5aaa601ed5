"""Where the record is kept: the only SQL."""
