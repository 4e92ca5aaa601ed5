"""What the texts of a file mean: whose columns they are, and how each becomes a value."""
