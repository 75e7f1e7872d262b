"""A ticket as its requester sees it."""
