"""A clinic's files into its record: planned, checked row by row, stored whole, and told."""
