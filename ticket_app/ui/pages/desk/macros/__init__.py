"""Macros on a ticket and on a selection in the queue."""
