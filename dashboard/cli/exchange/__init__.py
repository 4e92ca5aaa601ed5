"""Commands that read a clinic's files, and those that write what may leave it."""
