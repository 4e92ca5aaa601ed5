"""One patient's whole record, for the person it is about."""
