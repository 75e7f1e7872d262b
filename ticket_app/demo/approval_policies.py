"""When approval is needed on the demo desk, from the day it is tried on."""

from __future__ import annotations

from collections.abc import Mapping

from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.approvers import Approvers
from ticket_app.core.approvals.policies import ALL, PolicyDraft, StepPlan
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind, Priority, Role

NAMES = ("Urgent changes to payments", "Requests to Finance")


def set_up(desk: Desk, people: Mapping[str, int], departments: Mapping[str, int]) -> None:
    """Make the policies known; narrow ones, so that most of what is tried goes through at once."""
    manager = Approvers(department_manager=True)
    board = Approvers(people=(people["mia"], people["ada"]))
    approval_policies.add(
        desk,
        PolicyDraft(
            name=NAMES[0],
            kinds=(Kind.CHANGE,),
            priorities=(Priority.URGENT, Priority.CRITICAL),
            department_ids=(departments["Finance"],),
            steps=(
                StepPlan(manager, "Head of department", hours=24),
                StepPlan(board, "Board", ALL, 72, Approvers(roles=(Role.SUPER_ADMIN,))),
            ),
            rank=10,
        ),
    )
    approval_policies.add(
        desk,
        PolicyDraft(
            name=NAMES[1],
            kinds=(Kind.REQUEST,),
            priorities=(Priority.HIGH, Priority.URGENT, Priority.CRITICAL),
            department_ids=(departments["Finance"],),
            steps=(StepPlan(manager, "Head of department", hours=48),),
            rank=20,
        ),
    )
