"""One course drawn over time, as seen between two patients."""
