"""The question of a rate: its parts to choose, its words, and its definitions."""
