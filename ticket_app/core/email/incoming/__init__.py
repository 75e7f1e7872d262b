"""Email that arrives: reading its source, and what becomes of it."""
