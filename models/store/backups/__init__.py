"""Copies of a record, made while it is in use: whose they are, which stay, and what they prove."""
