"""What is recorded of a patient: entered, corrected, withdrawn, and named."""
