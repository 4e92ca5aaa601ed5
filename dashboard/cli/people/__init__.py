"""Commands about who gets in: accounts, and the identity provider a clinic trusts."""
