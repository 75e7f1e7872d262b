"""The Enterprise Ticket Management System (specs/enterprise.md), one folder per chapter.

The base is the root; ids are integers; success is `{"success": true, "data": ..., ...}`, an error
`{"success": false, "error": {code, message, details, timestamp}, "request_id": ...}`.

`dialect.py` has the router; this module imports nothing, see `dialects/__init__.py`.
"""
