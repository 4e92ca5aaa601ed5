"""The command that says what is wrong, and what to do about it."""
