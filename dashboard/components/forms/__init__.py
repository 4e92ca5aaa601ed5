"""A form being filled in: its fields, the draft of it, the dialog it stands in, and *Save*."""
