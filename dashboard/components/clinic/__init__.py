"""The Clinic page: who is waited for, and where everybody stands."""
