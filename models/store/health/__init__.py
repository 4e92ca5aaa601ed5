"""What is wrong with the record and the place where it is kept."""
