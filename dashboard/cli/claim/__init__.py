"""Commands that answer: the rate, every way to count it, the statement, and whether one still holds."""
