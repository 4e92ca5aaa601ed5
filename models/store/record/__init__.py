"""What is recorded of care and claimed of it: written, corrected, merged, and read as frames."""
