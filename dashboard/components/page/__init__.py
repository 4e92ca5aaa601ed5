"""What every page has: who looks, its figures and numbers, and what is said in place of a page."""
