"""Approval policies: when approval is needed, and of whom."""
