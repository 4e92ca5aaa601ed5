"""The question of a rate: its words, its windows, what counts, and all of it as one value."""
