"""Webhooks: which systems are told of what happens, and what was sent to each."""
