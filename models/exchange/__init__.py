"""Files in: what a clinic already has in CSV and Excel becomes its record, row by row, or says why not."""
