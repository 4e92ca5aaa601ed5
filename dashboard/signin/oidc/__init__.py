"""Signing in through the clinic's own identity provider, by OpenID Connect with PKCE.

It ends in the same session in the record as a password and a code do: nothing the provider gives is kept.
"""
