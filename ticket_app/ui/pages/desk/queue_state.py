"""The queue's state: one page of rows, what its address asks for, and what is done to rows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any, Final

import reflex as rx

from ticket_app.core.people import profiles
from ticket_app.core.platform import markup, text_formats
from ticket_app.core.platform.errors import DeskError
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind, Priority, Status, TextFormat
from ticket_app.core.tickets import ticket_list as lists
from ticket_app.core.tickets.bulk import Seen
from ticket_app.ui import bridge, live, routes, tail, theme
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import close_dialog, confirm, open_dialog
from ticket_app.ui.pages.desk import work
from ticket_app.ui.pages.desk.finder import Finder
from ticket_app.ui.pages.desk.frame import Rail
from ticket_app.ui.pages.desk.undoing import undoable
from ticket_app.ui.pages.desk.views import DAYS, FACTS, ME, NOBODY, PAGE, VIEWS, Asked, Trail
from ticket_app.ui.rows import QueueRow, queue_row
from ticket_app.ui.session import Me

CHOOSE: Final = "choose"
"""The dialog in which tickets of the list are given something."""
OPTIMISTIC = {"status": "status", "priority": "priority"}


@dataclass(frozen=True)
class Extra:
    """A filter without a menu of its own, as a list opened from a report has it."""

    name: str
    text: str


@dataclass(frozen=True)
class Chips:
    """What the filters say; empty where one is off."""

    status: str = ""
    statuses: tuple[str, ...] = ()
    priority: str = ""
    priorities: tuple[str, ...] = ()
    kind: str = ""
    kinds: tuple[str, ...] = ()
    assignee: str = ""
    company: str = ""
    tag: str = ""
    section: str = ""
    dates: str = ""
    since: str = ""
    until: str = ""
    facts: tuple[str, ...] = ()
    extras: tuple[Extra, ...] = ()
    fixed_assignee: bool = False
    any: bool = False


@dataclass(frozen=True)
class Peek:
    """A ticket looked at without leaving the list."""

    id: int
    number: str
    href: str
    title: str
    status: str
    priority: str
    requester: str
    company: str
    assignee: str
    created_at: str
    html: str
    last_at: str
    last_html: str


NO_PEEK = Peek(0, "", "", "", "new", "medium", "", "", "", "", "", "", "")


def _several(words: tuple[str, ...], looks: dict[str, Any]) -> str:
    if not words:
        return ""
    first: str = looks[words[0]].word
    return first if len(words) == 1 else f"{first} +{len(words) - 1}"


def chips_of(asked: Asked, listed: work.Listed) -> Chips:
    """How the filters of an address read."""
    return Chips(
        status=_several(asked.status, theme.STATUS),
        statuses=asked.status,
        priority=_several(asked.priority, theme.PRIORITY),
        priorities=asked.priority,
        kind=_several(asked.kind, theme.KIND),
        kinds=asked.kind,
        assignee=listed.assignee,
        company=listed.company,
        tag=", ".join(asked.tags),
        section=asked.section,
        dates=_dates(asked.since, asked.until),
        since=asked.since,
        until=asked.until,
        facts=asked.facts,
        extras=tuple(extras_of(asked, listed)),
        fixed_assignee=VIEWS[asked.view].names_assignee,
        any=asked.is_filtered,
    )


def _dates(since: str, until: str) -> str:
    if since == until:
        return since
    return f"{since or '…'} to {until or '…'}"


def extras_of(asked: Asked, listed: work.Listed) -> list[Extra]:
    """The filters of an address that have no menu, in the order in which they are shown."""
    words = ", ".join(word.replace("_", " ").capitalize() for word in asked.category)
    named = {"category": words, "department": listed.department, "team": listed.team}
    told = [Extra(name, f"{name.capitalize()}: {value}") for name, value in named.items() if value]
    told += [Extra(name, f"{DAYS[name].word}: {_dates(*days)}") for name, *days in asked.days]
    return told + [Extra(f"only {name}", FACTS[name]) for name in asked.facts]


def _empty(asked: Asked, elsewhere: str) -> tuple[str, str]:
    """What is said where no ticket is listed."""
    if not asked.is_filtered:
        return VIEWS[asked.view].empty
    if elsewhere:
        return f"Nothing in this view; {elsewhere} elsewhere", f"Searched for “{asked.search}”."
    if asked.search:
        return (
            f"No tickets match “{asked.search}”",
            "Search by words, number, requester, e-mail address, company or file name.",
        )
    return "No tickets match these filters", "Change or clear the filters to see more."


def _peek(desk: Desk, ticket_id: int) -> Peek:
    row = lists.read(desk, ticket_id)
    shown = queue_row(row, desk.now)
    return Peek(
        id=row.id,
        number=shown.number,
        href=shown.href,
        title=row.title,
        status=row.status,
        priority=row.priority,
        requester=row.requester_name,
        company=row.company_name or "",
        assignee=row.assignee_name or "",
        created_at=row.created_at.isoformat(),
        html=markup.render(
            row.description[:4000],
            routes.desk_ticket,
            text_formats.format_of(row, "description"),
        ),
        last_at=row.last_comment_at.isoformat() if row.last_comment_at else "",
        last_html=markup.render(row.last_comment or "", text_format=TextFormat.PLAIN),
    )


class Queue(rx.State):
    """One page of the queue, as its address asks for it."""

    heading: str = ""
    here: str = ""
    rows: list[QueueRow] = []
    ready: bool = False
    shown: str = ""
    has_next: bool = False
    has_previous: bool = False
    sort: str = "updated"
    down: bool = True
    chips: Chips = Chips()
    empty_title: str = ""
    empty_text: str = ""
    elsewhere: str = ""
    everywhere: str = ""
    marked: list[int] = []
    more_words: str = ""
    is_whole: bool = False
    is_cut: bool = False
    clear_words: str = "Clear filters"
    fresh: int = 0
    now: str = ""
    peek: Peek = NO_PEEK
    choosing: str = ""
    choosing_for: str = ""

    _asked: Asked = Asked()
    _trail: Trail = Trail()
    _next: str = ""
    _total: str = ""
    _targets: dict[int, Seen] = {}

    @bridge.event
    async def load(self) -> None:
        """Show what the address asks for, and be woken by what happens to any ticket."""
        url = self.router.url
        path = url.path.rstrip("/")
        view = "" if path == routes.DESK else path.rpartition("/views/")[2]
        asked = Asked.read(view, url.query_parameters)
        if asked.list_only != self._asked.list_only:
            self.marked, self.peek = [], NO_PEEK
        self._asked, self._trail = asked, self._trail.walk(asked)
        await self._fill()
        live.watch(self, Queue.refresh, {tail.QUEUE})

    async def _fill(self) -> None:
        asked = self._asked
        listed = await bridge.read(self, work.load_list, asked)
        self.rows, self._next, self.now = listed.rows, listed.next, listed.now
        self.heading, self.here = (
            VIEWS[asked.view].word,
            asked.href(after=asked.after, start=asked.start),
        )
        self.sort, self.down = asked.sort, asked.down
        self.chips = chips_of(asked, listed)
        self.has_next, self.has_previous = bool(listed.next), bool(asked.after)
        last = asked.start + len(listed.rows) - 1
        total = work.capped(max(listed.total, last))
        self.shown = f"{asked.start:,}–{last:,} of {total}" if listed.rows else ""
        self.elsewhere, self.everywhere = listed.elsewhere, asked.everywhere.href()
        self.empty_title, self.empty_text = _empty(asked, listed.elsewhere)
        self.is_whole = self.is_cut = False
        only_search = asked.search and not replace(asked, search="").is_filtered
        self.clear_words = "Clear search" if only_search else "Clear filters"
        self._total = total
        self.more_words = work.more_words(total, listed.total, len(listed.rows))
        self.fresh = 0
        here = {row.id for row in self.rows}
        self.marked = [ticket_id for ticket_id in self.marked if ticket_id in here]
        self.ready = True

    @bridge.event
    async def refresh(self) -> Any:
        """Bring the rows up to date, each at its place; what is new waits behind a chip."""
        return await self._bring_up_to_date()

    async def _bring_up_to_date(self) -> Any:
        shown = [row.id for row in self.rows]
        self.rows, news = await bridge.read(self, work.look_again, self._asked, shown)
        self.fresh = len(news)
        return Rail.load

    @bridge.event
    async def show_news(self) -> None:
        """Put in what came up meanwhile."""
        await self._fill()

    @bridge.event
    async def open_number(self, text: str) -> Any:
        """Open the ticket whose number was typed into the search field."""
        href = await bridge.read(self, work.named_by, text[:200])
        return rx.redirect(href) if href else None

    # --- the address ---

    def _go(self, **changes: Any) -> Any:
        return rx.redirect(self._asked.href(**changes))

    @bridge.event
    def toggle(self, what: str, word: str) -> Any:
        """Take a word into a filter, or out of it."""
        kinds: dict[str, Any] = {"status": Status, "priority": Priority, "kind": Kind}
        chosen = list(getattr(self._asked, what if what in kinds else "status"))
        value = kinds.get(what, Status)(word)
        chosen = [w for w in chosen if w != value] if value in chosen else [*chosen, value]
        return self._go(**{what: tuple(chosen)})

    @bridge.event
    def narrow(self, what: str, value: str) -> Any:
        """Set one of the filters that name one thing; an empty value takes it off."""
        match what:
            case "company":
                return self._go(company=int(value) if value.isdigit() else None)
            case "tag":
                tags = [tag for tag in self._asked.tags if tag != value]
                return self._go(tags=(*tags, value) if value else ())
            case "assignee" | "section" | "since" | "until":
                return self._go(**{what: value.strip()[:150]})
        return None

    @bridge.event
    def toggle_fact(self, name: str) -> Any:
        """Show only tickets of which something holds (`FACTS`), or those of which it need not."""
        facts = self._asked.facts
        chosen = [one for one in facts if one != name] if name in facts else [*facts, name]
        return self._go(facts=tuple(one for one in chosen if one in FACTS))

    @bridge.event
    def drop(self, name: str) -> Any:
        """Take off a filter that has no menu."""
        if name in ("category", "department", "team"):
            return self._go(**{name: () if name == "category" else None})
        return self._go(
            facts=tuple(one for one in self._asked.facts if f"only {one}" != name),
            days=tuple(one for one in self._asked.days if one[0] != name),
        )

    @bridge.event
    async def narrow_to_person(self, person_id: str) -> Any:
        """Only what is with one person."""
        username = await bridge.read(self, _username, person_id)
        return self._go(assignee=username)

    @bridge.submission
    def narrow_section(self, form: dict[str, Any]) -> Any:
        """Only tickets of one section."""
        return self._go(section=str(form.get("section", "")).strip()[:120])

    @bridge.submission
    def narrow_dates(self, form: dict[str, Any]) -> Any:
        """Only tickets filed between two days."""
        return self._go(since=str(form.get("since", "")), until=str(form.get("until", "")))

    @bridge.event
    def clear(self) -> Any:
        """Take all filters off."""
        view = "" if self._asked.is_home else self._asked.view
        return rx.redirect(Asked.read(view, {}).href())

    @bridge.event
    def sort_by(self, sort: str) -> Any:
        """Sort by a column; once more for the other direction."""
        usual = sort not in ("due", "number")
        down = not self.down if sort == self.sort else usual
        return self._go(sort=sort, down=down)

    @bridge.event
    def next_page(self) -> Any:
        """The part of the list that follows."""
        if self._next:
            return self._go(after=self._next, start=self._asked.start + PAGE)
        return None

    @bridge.event
    def previous_page(self) -> Any:
        """The part of the list that was open before."""
        after, start = self._trail.previous
        return self._go(after=after, start=start)

    # --- rows ---

    @bridge.event
    def mark(self, ticket_id: int, is_marked: bool) -> None:
        """Select a ticket, or let it go."""
        rest = [other for other in self.marked if other != ticket_id]
        self.marked = [*rest, ticket_id] if is_marked else rest

    @bridge.event
    def mark_all(self) -> None:
        """Select the whole page, or nothing if it is."""
        everything = [row.id for row in self.rows]
        self.marked = [] if len(self.marked) == len(everything) else everything

    @bridge.event
    async def mark_whole(self) -> None:
        """Show and select all tickets of the view, up to what is changed at once."""
        self.rows = await bridge.read(self, work.load_whole, self._asked)
        self.marked = [row.id for row in self.rows]
        self.is_whole, self.more_words = True, ""
        self.is_cut = f"{len(self.rows):,}" != self._total
        self.has_next = self.has_previous = False
        self.shown = f"1–{len(self.rows):,} of {self._total}"

    @bridge.event
    def unmark(self) -> None:
        """Let the selection go."""
        self.marked, self.peek = [], NO_PEEK

    @bridge.event
    async def look(self, ticket_id: int) -> None:
        """Show a ticket beside the list; once more to close it."""
        same = self.peek.id == ticket_id
        self.peek = NO_PEEK if same else await bridge.read(self, _peek, ticket_id)

    @bridge.event
    def close_peek(self) -> None:
        """Look at the list only."""
        self.peek = NO_PEEK

    @bridge.event
    async def choose(self, what: str, ticket_id: int) -> Any:
        """Open the dialog of what the ticket (0: the selected ones) can be given."""
        ids = {ticket_id} if ticket_id else set(self.marked)
        rows = [row for row in self.rows if row.id in ids]
        if not rows or what not in work.CHANGES:
            return None
        self._targets = {row.id: _seen(row) for row in rows}
        self.choosing, self.choosing_for = what, work.named([row.number for row in rows])
        await open_dialog(self, CHOOSE, what, self._targets)
        return Finder.begin("staff", True) if what == "assignee" else None

    @bridge.event
    async def give(self, seen: str, what: str, value: str) -> AsyncIterator[Any]:
        """Give the tickets of the open dialog a status, a priority or an assignee."""
        await confirm(self, CHOOSE, seen)
        await close_dialog(self)
        if what == self.choosing:
            async for step in self._give(what, value, dict(self._targets)):
                yield step

    @bridge.event
    async def take(self, ticket_id: int, version: int) -> AsyncIterator[Any]:
        """Assign a ticket to oneself, as it was seen at that version."""
        row = next((row for row in self.rows if row.id == ticket_id), None)
        seen = Seen(version, (row and row.assignee_id) or None)
        async for step in self._give("assignee", ME, {ticket_id: seen}):
            yield step

    async def _give(self, what: str, value: str, targets: dict[int, Seen]) -> AsyncIterator[Any]:
        before = {row.id: row for row in self.rows}
        me = await self.get_state(Me)
        if what in OPTIMISTIC:
            self._show({i: replace(before[i], **{what: value}) for i in targets if i in before})
        elif value == ME:
            mine = {
                "assignee": me.name,
                "assignee_initials": me.initials,
                "assignee_color": me.color,
            }
            self._show({i: replace(before[i], **mine) for i in targets if i in before})
        yield
        try:
            done = await bridge.write(self, work.change, what, value, targets)
        except DeskError:
            self._show(before)
            raise
        unchanged = {i: before[i] for i in targets if i in before}
        self._show({**unchanged, **{row.id: row for row in done.rows}})
        for toast in await self._toasts(done, work.told(what, value, done.numbers, _name(done))):
            yield toast

    async def _toasts(self, done: work.Changed, words: str) -> list[Any]:
        """What was done, with Undo, and why the rest was not."""
        if not done.numbers:
            return [w.toast(why, tone="red") for why in dict.fromkeys(done.refused)][:1]
        rest = f"{len(done.refused)} not changed: {done.refused[0]}" if done.refused else ""
        undo = await undoable(self, done.steps)
        return [w.toast(words, tone="green", undo=undo, detail=rest)]

    def _show(self, changed: dict[int, QueueRow]) -> None:
        self.rows = [changed.get(row.id, row) for row in self.rows]

    @bridge.event
    async def undone(self) -> Any:
        """Show what an undo has put back, also what had left the list."""
        rail = await self._bring_up_to_date()
        if self.fresh:
            await self._fill()
        return rail

    @bridge.event
    async def delete_chosen(self, ids: list[int]) -> Any:
        """Move the selected tickets to the trash; `ids` are those that the page shows selected."""
        rows = [row for row in self.rows if row.id in self.marked]
        if not rows or {row.id for row in rows} != {*ids}:
            return w.toast("The selection has changed. Nothing was deleted.", tone="amber")
        done = await bridge.write(self, work.delete, {row.id: _seen(row) for row in rows})
        self.marked = []
        await self._fill()
        return await self._toasts(done, f"{work.named(done.numbers or ['0'])} deleted")


def _seen(row: QueueRow) -> Seen:
    return Seen(row.version, row.assignee_id or None)


def _name(done: work.Changed) -> str:
    return next((row.assignee for row in done.rows if row.assignee), "")


def neighbours(queue: Queue, ticket_id: int) -> tuple[str, str]:
    """The addresses of the tickets before and after one, in the list last seen."""
    at = next((n for n, row in enumerate(queue.rows) if row.id == ticket_id), None)
    if at is None:
        return "", ""
    before = queue.rows[at - 1].href if at else ""
    after = queue.rows[at + 1].href if at + 1 < len(queue.rows) else ""
    return before, after


def _username(desk: Desk, person_id: str) -> str:
    if person_id in (ME, NOBODY, ""):
        return person_id
    return next((p.username for p in profiles.staff(desk) if str(p.id) == person_id), "")
