"""A proportion and what is sure of it, whatever was counted."""
