"""The audit trail as it is written: rows, and the event that tells of them, in one transaction."""
