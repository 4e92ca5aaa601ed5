"""The question answered: the rate beside the claim, and everything a sceptic may ask of it."""
