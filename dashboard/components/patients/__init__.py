"""Finding a patient, or adding the one not found."""
