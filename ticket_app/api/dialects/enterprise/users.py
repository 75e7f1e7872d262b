"""Users, departments, roles and what they may; the document names them in its fields only."""

from __future__ import annotations

from ticket_app.api.dialects.enterprise.voice import part

router = part("Users and Departments")
