"""People taken out of the record, and whose records have been kept long enough."""
