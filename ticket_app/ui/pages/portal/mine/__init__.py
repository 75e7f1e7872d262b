"""My tickets: the portal's first page."""
