"""The audit trail as it is read, and held against the record and what lies outside it."""
