"""The settings pages for people, roles and permissions."""
