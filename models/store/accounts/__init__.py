"""The clinic's staff: who they are, how they prove it, and where they are signed in."""
