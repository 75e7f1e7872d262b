"""Users, departments, roles and what they may; the document names them in its fields only."""

from __future__ import annotations

from typing import Any

from ticket_app.api.dialects.enterprise.auth import user_model
from ticket_app.api.dialects.enterprise.voice import part, told
from ticket_app.api.kit.door import Caller
from ticket_app.core import people

router = part("Users and Departments")


@router.get("/auth/me")
def me(desk: Caller) -> Any:
    """Oneself (User Model)."""
    person = people.myself(desk)
    answer = told(desk, user_model(person, desk.actor.permissions), "Current user")
    answer.headers["Cache-Control"] = "no-store"
    return answer
