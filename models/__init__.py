"""What is recorded, what it means, where it is kept."""
