"""The Claim page and the pages behind it: the answer, what it rests on, and what could move it."""
