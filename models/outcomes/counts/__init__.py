"""Of whom, and how many: from one row per course to whole numbers."""
