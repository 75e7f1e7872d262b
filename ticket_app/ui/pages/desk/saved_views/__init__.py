"""Saved views in the queue: opening, saving, sharing and deleting them."""
