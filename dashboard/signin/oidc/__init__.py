"""Signing in through the clinic's own identity provider, by OpenID Connect with PKCE.

It ends in the same session in the record as a password and a code do: of what the
provider gives only the ID token is kept, in memory, to sign out there with it.
"""
