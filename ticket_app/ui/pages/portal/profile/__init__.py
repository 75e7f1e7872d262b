"""Oneself: how the desk is liked, one's password, and tokens for one's own programs."""
