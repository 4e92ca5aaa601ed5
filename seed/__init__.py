"""An invented clinic, the same one every time."""
