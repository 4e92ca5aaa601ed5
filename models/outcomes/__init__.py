"""What a rate means: definitions and statistics, free of storage and plots."""
