"""The composer of comments, for staff and for requesters."""
