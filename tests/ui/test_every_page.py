"""Rules that hold for each page of the web app."""

from __future__ import annotations

import re

import pytest

from tests.ui.every_page import attribute, elements, name_of, pages
from ticket_app.ui import bridge, routes

ROUTES = [*routes.ALL_PAGES, "404"]
FORMS = frozenset({"form", "draftform", "composer"})
"""Forms whose handler the server runs."""
POSTED = frozenset({"postform", "rememberedform", "signoutform"})
"""Forms that the browser posts itself."""


def test_every_page_is_walked() -> None:
    assert set(ROUTES) <= set(pages().components)


@pytest.mark.parametrize("route", sorted(pages().titles))
def test_a_window_title_names_what_is_open_and_the_product(route: str) -> None:
    title = pages().titles[route]
    assert title.rstrip('")}]').endswith(" - Ticket")
    assert len(title) > len(" - Ticket")


@pytest.mark.parametrize("route", sorted(pages().components))
def test_every_form_ends_the_busy_state_of_its_button(route: str) -> None:
    for element, above in elements(pages().components[route]):
        if name_of(element) in FORMS and "on_submit" in element.event_triggers:
            first = element.event_triggers["on_submit"].events[0]
            assert hasattr(first.handler.fn, bridge.SUBMISSION), first.handler.fn.__qualname__
        if name_of(element) == "button" and attribute(element, "type") == "submit":
            assert POSTED & set(map(name_of, above)), attribute(element, "aria_label")


@pytest.mark.parametrize("route", sorted(pages().components))
def test_every_search_field_outside_of_menus_shows_the_address(route: str) -> None:
    for element, above in elements(pages().components[route]):
        if attribute(element, "type") == "search":
            in_menu = any("search-picker" in attribute(one, "class_name") for one in above)
            assert in_menu or name_of(element) == "addressfield"


WRITTEN_BY_PEOPLE = frozenset(
    [
        "title",
        "name",
        "names",
        "last_comment",
        "company",
        "requester",
        "assignee",
        "by",
        "section",
        "tag",
        "department",
        "team",
        "label",
        "detail",
        "reason",
        "question",
        "comment",
        "delegated_by",
        "requested_by",
        "changed_by",
        "draft_title",
        "current_value",
        "new",
        "old",
        "value",
        "merged_into_title",
        "leaving_name",
        "owner",
        "approval_reason",
        "who",
        "department_name",
        "description",
    ]
)
"""Last names of what the pages show that somebody has written: titles, names, texts, labels."""
OURS = frozenset({"errors", "problems", "one", "tab", "job", "categories", "flow", "people"})
"""Values whose fields have such names, but hold words of ours: errors, tables, numbers."""
LABELS = ({"last_comment"}, {"fact", "label"}, {"fact", "name"})
"""The label of a dialog's field, and those of the facts beside a ticket."""
LOGIC = frozenset({"bare", "fragment", "cond", "match", "foreach"})
DATA = frozenset(
    [
        "email",
        "url",
        "number",
        "password",
        "date",
        "datetime-local",
        "hidden",
        "file",
        "checkbox",
        "radio",
    ]
)
"""Types of fields that hold no text in a human language."""


def shown_names(text: object) -> set[str]:
    """The names of the state's values that an expression shows, as `title` in `ticket.title`."""
    found = re.findall(r'\[\\?"(\w+?)\\?"\]|\?\.\["(\w+)"\]|(\w+?)_rx_state_', str(text))
    return {next(filter(None, names)) for names in found}


@pytest.mark.parametrize("route", sorted(pages().components))
def test_text_by_people_is_shown_in_its_own_direction(route: str) -> None:
    for element, above in elements(pages().components[route]):
        if name_of(element) == "html":
            assert attribute(element, "dir") == "auto", element
        if name_of(element) != "bare":
            continue
        names = shown_names(element.contents)
        if not names & WRITTEN_BY_PEOPLE or names & OURS or names in LABELS:
            continue
        holder = next(one for one in reversed(above) if name_of(one) not in LOGIC)
        if name_of(holder) != "title":
            assert attribute(holder, "dir") == "auto", (names, str(holder)[:300])


@pytest.mark.parametrize("route", sorted(pages().components))
def test_every_field_for_text_follows_the_direction_of_what_is_typed(route: str) -> None:
    for element, _ in elements(pages().components[route]):
        is_line = name_of(element) in ("input", "addressfield")
        if is_line and (attribute(element, "type") in DATA or attribute(element, "hidden")):
            continue
        if is_line or name_of(element) in ("textarea", "markdowntextarea", "select"):
            assert attribute(element, "dir") == "auto", str(element)[:300]
