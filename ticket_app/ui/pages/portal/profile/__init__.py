"""The person's own profile: preferences, password and API tokens."""
