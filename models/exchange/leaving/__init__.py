"""What may leave the clinic at all, whatever carries it."""
