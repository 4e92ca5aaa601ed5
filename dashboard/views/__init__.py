"""The pages, one file each: read, choose, draw."""
