"""From the record to one row per course, on frames of any engine."""
