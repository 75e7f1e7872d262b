"""Comments and files that are edited in their place, for staff and for requesters."""
