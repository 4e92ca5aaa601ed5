"""The clinic's people drawn: its clinicians beside chance, and why courses stopped."""
