"""Endpoints of email: links that work without signing in, and mail that arrives (MAIL.md)."""
