"""Following a ticket, on its page at the desk and in the portal."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from ticket_app.core.conversation import following
from ticket_app.core.notifications import followers
from ticket_app.core.notifications.followers import FollowReason
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import ticket_lookup
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.inbox import texts
from ticket_app.ui.rows import initials_of, person_color_number


@dataclass(frozen=True)
class Follower:
    """A person who follows the ticket."""

    id: int
    name: str
    initials: str
    color: int
    reason: str


@dataclass(frozen=True)
class TicketFollowers:
    """Whether the reader follows a ticket, and for staff who else does."""

    ticket_id: int
    is_following: bool
    people: list[Follower]


REASON_TEXTS = {
    str(FollowReason.PARTICIPANT): texts.FOLLOWING_PARTICIPANT,
    str(FollowReason.CC): texts.FOLLOWING_CC,
    str(FollowReason.CHOSEN): "",
}


def load_followers(uow: UnitOfWork, reference: str | int) -> TicketFollowers:
    """Return who follows a ticket. Raises `NotFound`."""
    ticket = ticket_lookup.read_ticket(uow, reference, "summary")
    rows = followers.list_followers(uow, ticket.id) if uow.actor.can("view_all_tickets") else ()
    return TicketFollowers(
        ticket_id=ticket.id,
        is_following=followers.is_following(uow, ticket.id, uow.actor.id),
        people=[
            Follower(
                id=row.person_id,
                name=row.full_name,
                initials=initials_of(row.full_name),
                color=person_color_number(row.username),
                reason=REASON_TEXTS[row.reason],
            )
            for row in rows
        ],
    )


def change_following(uow: UnitOfWork, ticket_id: int, *, is_on: bool) -> TicketFollowers:
    """Follow a ticket, or stop following it; return who follows it then."""
    change = following.follow_ticket if is_on else following.unfollow_ticket
    change(uow, str(ticket_id))
    return load_followers(uow, ticket_id)


class Following(rx.State):
    """Whether the signed-in person follows the open ticket, and who does."""

    ticket_id: int = 0
    is_following: bool = False
    people: list[Follower] = []

    @bridge.event
    async def load(self) -> None:
        """Load the followers of the ticket in the address."""
        self.reset()
        try:
            reference = routes.ticket_reference(self.router.url.path)
            self._show(await bridge.read(self, load_followers, reference))
        except NotFound:
            return

    def _show(self, found: TicketFollowers) -> None:
        self.ticket_id, self.is_following = found.ticket_id, found.is_following
        self.people = found.people

    @bridge.event
    async def follow_or_unfollow(self, ticket_id: int, is_on: bool) -> bridge.Events:
        """Follow the ticket, or stop following it."""
        found = await bridge.write(self, change_following, ticket_id, is_on=is_on)
        if found.ticket_id == self.ticket_id:
            self._show(found)
        return w.toast(texts.FOLLOWING_ON if is_on else texts.FOLLOWING_OFF)


def follow_button() -> rx.Component:
    """Return the button that follows the ticket or stops following it."""
    return rx.cond(
        Following.ticket_id > 0,
        rx.cond(
            Following.is_following,
            w.button(
                texts.UNFOLLOW,
                icon="bell-off",
                variant="quiet",
                on_click=Following.follow_or_unfollow(Following.ticket_id, False),
                title=texts.UNFOLLOW_TOOLTIP,
                data_shortcut="w",
                data_command=texts.UNFOLLOW,
            ),
            w.button(
                texts.FOLLOW,
                icon="bell-plus",
                variant="quiet",
                on_click=Following.follow_or_unfollow(Following.ticket_id, True),
                title=texts.FOLLOW_TOOLTIP,
                data_shortcut="w",
                data_command=texts.FOLLOW,
            ),
        ),
    )


def _follower_item(person: rx.Var[Follower]) -> rx.Component:
    return rx.el.li(
        w.person_name(person.initials, person.name, person.color, size=20),
        rx.cond(
            person.reason != "", rx.el.span(person.reason, class_name="text-muted", dir="auto")
        ),
        key=person.id,
    )


def followers_section() -> rx.Component:
    """Return the section of the side panel: who follows the ticket, and the button."""
    return rx.el.section(
        w.section_header(texts.FOLLOWERS, follow_button(), number=Following.people.length()),
        rx.cond(
            Following.people.length() > 0,
            rx.el.ul(
                rx.foreach(Following.people, _follower_item), class_name="list-unstyled followers"
            ),
            rx.el.p(texts.FOLLOWERS_NONE, class_name="text-muted"),
        ),
        class_name="side-section",
    )
