"""Checks whether an attached file is safe to download."""
