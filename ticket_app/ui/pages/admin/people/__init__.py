"""People and roles: who can come in, and what they may."""
