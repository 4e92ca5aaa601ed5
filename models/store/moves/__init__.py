"""A whole record put elsewhere or made anew: a backup restored, another shape, key or database."""
