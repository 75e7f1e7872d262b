"""The settings page for approval policies."""
