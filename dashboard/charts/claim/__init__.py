"""The clinic's answer drawn: the rate, what it is made of, how it would move, and the verdict in words."""
