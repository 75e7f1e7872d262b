"""The dialects: one folder for each document. No dialect imports another.

This module imports nothing, so that the worker can import webhook payloads without any routes;
`ticket_app/api/dialect_routers.py` lists the dialects.
"""
