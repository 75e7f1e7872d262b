"""Approval policies of the demo data."""

from __future__ import annotations

from collections.abc import Mapping

from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.approvers import ApproverSelection
from ticket_app.core.approvals.policies import QUORUM_ALL, PolicyDraft, StepPlan
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Priority, Role

POLICY_NAMES = ("Urgent changes to payments", "Requests to Finance")


def create_policies(
    uow: UnitOfWork, people: Mapping[str, int], departments: Mapping[str, int]
) -> None:
    """Create the policies; people are given by username, departments by name."""
    manager = ApproverSelection(includes_department_manager=True)
    board = ApproverSelection(person_ids=(people["mia"], people["ada"]))
    approval_policies.create_policy(
        uow,
        PolicyDraft(
            name=POLICY_NAMES[0],
            kinds=(Kind.CHANGE,),
            priorities=(Priority.URGENT, Priority.CRITICAL),
            department_ids=(departments["Finance"],),
            steps=(
                StepPlan(manager, "Head of department", hours=24),
                StepPlan(
                    board, "Board", QUORUM_ALL, 72, ApproverSelection(roles=(Role.SUPER_ADMIN,))
                ),
            ),
            rank=10,
        ),
    )
    approval_policies.create_policy(
        uow,
        PolicyDraft(
            name=POLICY_NAMES[1],
            kinds=(Kind.REQUEST,),
            priorities=(Priority.HIGH, Priority.URGENT, Priority.CRITICAL),
            department_ids=(departments["Finance"],),
            steps=(StepPlan(manager, "Head of department", hours=48),),
            rank=20,
        ),
    )
