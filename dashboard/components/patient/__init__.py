"""The Patient page: one course, where it stands, and what else is known of it."""
