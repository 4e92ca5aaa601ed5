"""Accounts, settings, what the clinic advertises, and the audit trail."""
