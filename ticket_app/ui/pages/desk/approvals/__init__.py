"""Approvals on the desk: what waits for one's decision, and how a ticket's approval stands."""
