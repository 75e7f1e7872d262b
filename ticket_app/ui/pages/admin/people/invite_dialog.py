"""The dialog that invites people, and the menu of an invitation that was not accepted yet."""

from __future__ import annotations

from typing import Final

import reflex as rx

from ticket_app.core.people import directory, invitations
from ticket_app.core.people.invitations import InvitationOutcome
from ticket_app.core.platform.errors import DomainError, Unauthenticated
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog, close_dialog, ensure_dialog_is_current, open_dialog
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.people import invitation_texts as texts
from ticket_app.ui.pages.admin.people.rows import ROLE_NAMES, PersonRow

INVITE_DIALOG: Final = "invite"


def _team_options(uow: UnitOfWork) -> list[tuple[str, str]]:
    teams = directory.list_teams(uow) if uow.actor.can("work_tickets") else ()
    return [("", texts.NO_TEAM), *((str(team.id), team.name) for team in teams)]


def _invite(uow: UnitOfWork, addresses: str, role: str, team: str) -> tuple[InvitationOutcome, ...]:
    outcomes = invitations.invite_people(
        uow,
        addresses,
        role=Role(role) if role in ROLE_NAMES else Role.USER,
        team_id=int(team) if team.isdecimal() and len(team) < 10 else None,
    )
    return tuple(outcomes)


class InviteDialog(rx.State):
    """Whom to invite, and what could not be done."""

    teams: list[tuple[str, str]] = []
    addresses: str = ""
    error: str = ""

    @bridge.event
    async def show(self) -> None:
        """Open the dialog."""
        self.reset()
        self.teams = await bridge.read(self, _team_options)
        await open_dialog(self, INVITE_DIALOG)

    @bridge.submission
    async def send(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Send the invitations; addresses that could not be invited stay in the dialog."""
        await ensure_dialog_is_current(self, INVITE_DIALOG, seen)
        self.addresses, self.error = str(form.get("addresses", "")), ""
        try:
            outcomes = await bridge.write(
                self, _invite, self.addresses, str(form.get("role", "")), str(form.get("team", ""))
            )
        except Unauthenticated:
            raise
        except DomainError as error:
            self.error = error.message
            return None
        rejected = [outcome for outcome in outcomes if outcome.problem]
        invited = len(outcomes) - len(rejected)
        message = w.toast(texts.invited(invited), tone="green") if invited else None
        if not rejected:
            await close_dialog(self)
            return message
        self.addresses = "\n".join(outcome.address for outcome in rejected)
        self.error = "; ".join(texts.rejected(one.address, one.problem) for one in rejected)
        return message

    @bridge.event
    async def resend(self, person_id: int) -> bridge.Events:
        """Send an invitation again."""
        await bridge.write(self, invitations.resend_invitation, person_id)
        return w.toast(texts.RESENT, tone="green")

    @bridge.event
    async def revoke(self, person_id: int) -> bridge.Events:
        """End an invitation."""
        await bridge.write(self, invitations.revoke_invitation, person_id)
        return w.toast(texts.REVOKED)


def invitation_menu(row: rx.Var[PersonRow], on_change: rx.event.EventType) -> rx.Component:
    """Return the chip of somebody who has not accepted, which opens a menu."""
    label = rx.cond(row.is_invitation_expired, texts.EXPIRED, texts.INVITED)
    return w.menu_root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                w.chip(label, "amber"),
                type="button",
                class_name="invitation-chip",
                aria_label=texts.invitation_of(row.email),
            )
        ),
        rx.dropdown_menu.content(
            rx.dropdown_menu.item(texts.RESEND, on_select=[InviteDialog.resend(row.id), on_change]),
            rx.dropdown_menu.item(
                texts.REVOKE, color="red", on_select=[InviteDialog.revoke(row.id), on_change]
            ),
        ),
    )


def invite_dialog(on_change: rx.event.EventType) -> rx.Component:
    """Return the dialog, once per page; `on_change` runs after it is submitted."""
    return fields.dialog(
        texts.TITLE,
        texts.HINT,
        fields.labelled_field(
            texts.ADDRESSES,
            w.text_area(
                "addresses",
                value=InviteDialog.addresses,
                rows=4,
                max_length=15_000,
                placeholder=texts.ADDRESSES_EXAMPLE,
                auto_focus=True,
            ),
            hint=texts.ADDRESSES_HINT,
        ),
        rx.el.div(
            fields.labelled_field(
                texts.ROLE, w.select_input("role", list(ROLE_NAMES.items()), value=Role.USER)
            ),
            fields.labelled_field(texts.TEAM, w.select_input("team", InviteDialog.teams, value="")),
            class_name="field-row",
        ),
        name=INVITE_DIALOG,
        on_submit=[InviteDialog.send(OpenDialog.fingerprint), on_change],
        button_label=texts.SEND,
        error=InviteDialog.error,
    )
