"""The MCP server: tools for language models, over HTTP (`/mcp`) and on stdio (`... mcp`).

The tools call the core through the caller's own unit of work, as the routes of the dialects do, so
that permissions, scopes of tokens, visibility and rate limits are the same. This module imports
nothing: the `mcp` package is loaded when the first client connects.
"""
