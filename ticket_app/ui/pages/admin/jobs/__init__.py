"""Background jobs that were given up."""
