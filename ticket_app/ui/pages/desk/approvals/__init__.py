"""Approvals for staff: the list of pending requests and the approval panel of a ticket."""
