"""A file somebody sent, opened strictly and within limits: a sheet of texts, or why not."""
