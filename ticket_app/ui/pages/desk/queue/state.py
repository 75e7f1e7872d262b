"""The state of the queue: one page of rows, its filters, the selection and the preview."""

from __future__ import annotations

from dataclasses import replace

import reflex as rx
from reflex.event import EventSpec

from ticket_app.core.people.directory import find_person
from ticket_app.core.people.staff import list_assignable_staff
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets.saved_views import find_default_view
from ticket_app.ui import bridge, change_feed, live, routes
from ticket_app.ui.field_values import choice_labels
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.queue.filter_labels import (
    FilterChips,
    empty_list_texts,
    make_filter_chips,
)
from ticket_app.ui.pages.desk.queue.filters import (
    FACT_FILTERS,
    PAGE_SIZE,
    QueueFilters,
    choice_filters,
    reference_filters,
)
from ticket_app.ui.pages.desk.queue.page_trail import PageTrail
from ticket_app.ui.pages.desk.queue.preview import NO_PREVIEW, TicketPreview, load_preview
from ticket_app.ui.pages.desk.queue.rows import (
    find_ticket_href,
    format_count,
    load_queue,
    load_rows_for_bulk,
    refresh_rows,
    select_more_label,
)
from ticket_app.ui.pages.desk.queue.saved_view import (
    NO_VIEW,
    OpenView,
    open_view,
    without_condition,
)
from ticket_app.ui.pages.desk.queue.views import ME, UNASSIGNED, VIEWS
from ticket_app.ui.pages.desk.saved_views import texts as view_texts
from ticket_app.ui.pages.desk.sidebar import Sidebar
from ticket_app.ui.pages.desk.snooze.texts import hidden
from ticket_app.ui.rows import QueueRow


class Queue(rx.State):
    """One page of the queue."""

    heading: str = ""
    current_href: str = ""
    rows: list[QueueRow] = []
    is_loaded: bool = False
    shows_more_filters: bool = False
    range_text: str = ""
    has_next: bool = False
    has_previous: bool = False
    sort: str = "updated"
    descending: bool = True
    chips: FilterChips = FilterChips()
    empty_title: str = ""
    empty_text: str = ""
    elsewhere: str = ""
    everywhere: str = ""
    search_hints: list[str] = []
    search_suggestions: list[str] = []
    selected_ids: list[int] = []
    select_more_label: str = ""
    shows_whole_view: bool = False
    is_truncated: bool = False
    clear_label: str = texts.QUEUE_CLEAR_FILTERS
    new_count: int = 0
    snoozed_text: str = ""
    server_time: str = ""
    preview: TicketPreview = NO_PREVIEW
    saved: OpenView = NO_VIEW
    is_missing: bool = False
    """Whether the URL names a saved view that the person may not use, or that does not exist."""

    _filters: QueueFilters = QueueFilters()
    _page_trail: PageTrail = PageTrail()
    _next_cursor: str = ""
    _total_text: str = ""

    @bridge.event
    async def load(self) -> bridge.Events:
        """Load the page that the URL names and watch for changes."""
        url = self.router.url
        path = url.path.rstrip("/")
        view = "" if path == routes.DESK else path.rpartition("/views/")[2]
        params = url.query_parameters
        self.is_missing = False
        if not view and not params and (first := await bridge.read(self, find_default_view)):
            return rx.redirect(routes.desk_view(str(first.id)), replace=True)
        if not view or view in VIEWS:
            self.saved, filters = NO_VIEW, QueueFilters.from_url(view, params)
        else:
            try:
                self.saved, filters = await bridge.read(self, open_view, view, params)
            except NotFound:
                self._show_missing()
                return None
        if filters.without_page != self._filters.without_page:
            self.selected_ids, self.preview = [], NO_PREVIEW
        self._filters, self._page_trail = filters, self._page_trail.visit(filters)
        me = await self._load_rows()
        topics = {change_feed.QUEUE_TOPIC, change_feed.person_topic(me)}
        live.watch(self, Queue.refresh, topics)
        return None

    def _show_missing(self) -> None:
        self._filters, self.saved, self.rows = QueueFilters(), NO_VIEW, []
        self.chips, self.selected_ids, self.preview = FilterChips(), [], NO_PREVIEW
        self.heading, self.current_href = view_texts.MISSING_HEADING, ""
        self.is_missing = self.is_loaded = True

    async def _load_rows(self) -> int:
        """Load the page of the list; return the id of the person who sees it."""
        filters = self._filters
        page = await bridge.read(self, load_queue, filters)
        self.rows, self._next_cursor, self.server_time = page.rows, page.next_cursor, page.now
        self.heading, self.current_href = (
            self.saved.name or VIEWS[filters.view].label,
            filters.href(after=filters.after, start=filters.start),
        )
        self.sort, self.descending = filters.sort, filters.descending
        self.chips = make_filter_chips(filters, page)
        self.has_next, self.has_previous = bool(page.next_cursor), bool(filters.after)
        last = filters.start + len(page.rows) - 1
        total = format_count(max(page.total, last))
        self.range_text = texts.queue_range(filters.start, last, total) if page.rows else ""
        self.search_hints = list(page.search_hints)
        self.search_suggestions = list(page.search_suggestions)
        self.elsewhere, self.everywhere = page.elsewhere, filters.search_everywhere.href()
        self.empty_title, self.empty_text = empty_list_texts(filters, page.elsewhere)
        self.snoozed_text = hidden(page.snoozed_count) if page.snoozed_count else ""
        self.shows_whole_view = self.is_truncated = False
        only_search = filters.search and not replace(filters, search="").is_filtered
        self.clear_label = texts.QUEUE_CLEAR_SEARCH if only_search else texts.QUEUE_CLEAR_FILTERS
        self._total_text = total
        self.select_more_label = select_more_label(total, page.total, len(page.rows))
        self.new_count = 0
        shown_ids = {row.id for row in self.rows}
        self.selected_ids = [ticket_id for ticket_id in self.selected_ids if ticket_id in shown_ids]
        self.is_loaded = True
        return page.person_id

    @bridge.event
    async def refresh(self) -> bridge.Events:
        """Update the rows in place; new tickets are only counted."""
        return await self._refresh_rows()

    async def _refresh_rows(self) -> bridge.Events:
        shown = [row.id for row in self.rows]
        self.rows, new_ids = await bridge.read(self, refresh_rows, self._filters, shown)
        self.new_count = len(new_ids)
        return Sidebar.load

    @bridge.event
    async def show_new_tickets(self) -> None:
        """Load the list again, with the new tickets."""
        await self._load_rows()

    @bridge.event
    async def open_by_number(self, text: str) -> bridge.Events:
        """Open the ticket whose number was entered in the search field."""
        href = await bridge.read(self, find_ticket_href, text[:200])
        return rx.redirect(href) if href else None

    # --- the address ---

    def _redirect(self, **changes: object) -> EventSpec:
        return rx.redirect(self._filters.href(**changes))

    @bridge.event
    def toggle_filter(self, name: str, choice: str) -> bridge.Events:
        """Add a value to a filter, or remove it."""
        field = next((field for field in choice_filters() if field.name == name), None)
        if field is None or choice not in choice_labels(field):
            return None
        chosen = self._filters.choices.get(name, ())
        others = tuple(value for value in chosen if value != choice)
        values = others if choice in chosen else (*chosen, choice)
        return rx.redirect(self._filters.with_choice(name, *values).href())

    @bridge.event
    def filter_by(self, name: str, value: str) -> bridge.Events:
        """Set a filter with a single value, or add a tag; an empty value clears the filter."""
        if name in {field.name for field in reference_filters()}:
            row_id = int(value) if value.isdecimal() else None
            return rx.redirect(self._filters.with_reference(name, row_id).href())
        match name:
            case "tags":
                tags = [tag for tag in self._filters.tags if tag != value]
                return self._redirect(tags=(*tags, value) if value else ())
            case "assignee" | "requester":
                return self._redirect(**{name: value.strip()[:150]})
        return None

    @bridge.event
    def toggle_more_filters(self) -> None:
        """Show the filters that are used less often, or hide them."""
        self.shows_more_filters = not self.shows_more_filters

    @bridge.event
    def toggle_fact(self, name: str) -> bridge.Events:
        """Turn a boolean filter (`FACT_FILTERS`) on or off."""
        facts = self._filters.facts
        chosen = [one for one in facts if one != name] if name in facts else [*facts, name]
        return self._redirect(facts=tuple(one for one in chosen if one in FACT_FILTERS))

    @bridge.event
    def remove_filter(self, name: str) -> bridge.Events:
        """Clear a filter that has no menu."""
        if name == "search":
            return self._redirect(search="")
        if name.startswith("condition "):
            return self._redirect(conditions=without_condition(self._filters.conditions, name))
        return self._redirect(
            facts=tuple(one for one in self._filters.facts if f"only {one}" != name),
            days=tuple(one for one in self._filters.days if one[0] != name),
        )

    @bridge.event
    async def filter_by_assignee(self, person_id: str) -> bridge.Events:
        """Filter by an assignee."""
        username = await bridge.read(self, _username, person_id)
        return self._redirect(assignee=username)

    @bridge.event
    async def filter_by_requester(self, person_id: str) -> bridge.Events:
        """Filter by a requester."""
        person = await bridge.read(self, find_person, int(person_id))
        return self._redirect(requester=person.username) if person else None

    @bridge.submission
    def filter_by_section(self, form: bridge.FormData) -> bridge.Events:
        """Filter by section."""
        return self._redirect(section=str(form.get("section", "")).strip()[:120])

    @bridge.submission
    def filter_by_dates(self, form: bridge.FormData) -> bridge.Events:
        """Filter by creation date."""
        return self._redirect(since=str(form.get("since", "")), until=str(form.get("until", "")))

    @bridge.event
    def clear_filters(self) -> bridge.Events:
        """Clear all filters, or go back to those of the saved view."""
        if self._filters.view_id:
            return rx.redirect(routes.desk_view(str(self._filters.view_id)))
        view = "" if self._filters.is_desk_home else self._filters.view
        return rx.redirect(QueueFilters.from_url(view, {}).href())

    @bridge.event
    def sort_by(self, sort: str) -> bridge.Events:
        """Sort by a column, or reverse the order if it is sorted by it already."""
        default_descending = sort not in ("due", "number")
        descending = not self.descending if sort == self.sort else default_descending
        return self._redirect(sort=sort, descending=descending)

    @bridge.event
    def next_page(self) -> bridge.Events:
        """Open the next page."""
        if self._next_cursor:
            return self._redirect(after=self._next_cursor, start=self._filters.start + PAGE_SIZE)
        return None

    @bridge.event
    def previous_page(self) -> bridge.Events:
        """Open the previous page."""
        after, start = self._page_trail.previous
        return self._redirect(after=after, start=start)

    # --- rows ---

    @bridge.event
    def select(self, ticket_id: int, is_selected: bool) -> None:
        """Select a ticket, or deselect it."""
        others = [other for other in self.selected_ids if other != ticket_id]
        self.selected_ids = [*others, ticket_id] if is_selected else others

    @bridge.event
    def toggle_page_selection(self) -> None:
        """Select all tickets of the page, or none if all are selected."""
        all_ids = [row.id for row in self.rows]
        self.selected_ids = [] if len(self.selected_ids) == len(all_ids) else all_ids

    @bridge.event
    async def select_view_up_to_limit(self) -> None:
        """Load and select all tickets of the view, up to the bulk limit."""
        self.rows = await bridge.read(self, load_rows_for_bulk, self._filters)
        self.selected_ids = [row.id for row in self.rows]
        self.shows_whole_view, self.select_more_label = True, ""
        self.is_truncated = f"{len(self.rows):,}" != self._total_text
        self.has_next = self.has_previous = False
        self.range_text = texts.queue_range(1, len(self.rows), self._total_text)

    @bridge.event
    def clear_selection(self) -> None:
        """Clear the selection and close the preview."""
        self.selected_ids, self.preview = [], NO_PREVIEW

    @bridge.event
    async def toggle_preview(self, ticket_id: int) -> None:
        """Show the preview of a ticket, or close it."""
        is_same = self.preview.id == ticket_id
        self.preview = NO_PREVIEW if is_same else await bridge.read(self, load_preview, ticket_id)

    @bridge.event
    def close_preview(self) -> None:
        """Close the preview."""
        self.preview = NO_PREVIEW

    @bridge.event
    async def refresh_after_undo(self) -> bridge.Events:
        """Show the rows after an undo, including tickets that had left the list."""
        sidebar_event = await self._refresh_rows()
        if self.new_count:
            await self._load_rows()
        return sidebar_event


def filters_of(queue: Queue) -> QueueFilters:
    """Return the filters of the list."""
    return queue._filters  # noqa: SLF001 - not open to the page


async def reload_rows(queue: Queue) -> None:
    """Load the shown page of the list again."""
    await queue._load_rows()  # noqa: SLF001 - a public method would be an event


def adjacent_ticket_hrefs(queue: Queue, ticket_id: int) -> tuple[str, str]:
    """Return the links to the tickets before and after one in the current list."""
    index = next((n for n, row in enumerate(queue.rows) if row.id == ticket_id), None)
    if index is None:
        return "", ""
    before = queue.rows[index - 1].href if index else ""
    after = queue.rows[index + 1].href if index + 1 < len(queue.rows) else ""
    return before, after


def _username(uow: UnitOfWork, person_id: str) -> str:
    if person_id in (ME, UNASSIGNED, ""):
        return person_id
    return next((p.username for p in list_assignable_staff(uow) if str(p.id) == person_id), "")
