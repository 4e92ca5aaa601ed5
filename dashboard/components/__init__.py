"""Forms, pickers and cards the pages are made of."""
