"""Service levels: what is promised to which tickets, and the hours in which it is counted."""
