"""The requester's view of a ticket."""
