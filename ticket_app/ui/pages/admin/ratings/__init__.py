"""The settings page of rating requests."""
