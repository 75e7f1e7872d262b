"""Rules that hold for each page of the web app."""

from __future__ import annotations

import pytest

from tests.ui.every_page import attribute, elements, name_of, pages
from ticket_app.ui import bridge, routes

ROUTES = [*routes.PAGES, "404"]


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
        if name_of(element) == "form" and "on_submit" in element.event_triggers:
            first = element.event_triggers["on_submit"].events[0]
            assert hasattr(first.handler.fn, bridge.SUBMISSION), first.handler.fn.__qualname__
        if name_of(element) == "button" and attribute(element, "type") == "submit":
            assert "postform" in map(name_of, above), attribute(element, "aria_label")


@pytest.mark.parametrize("route", sorted(pages().components))
def test_every_search_field_outside_of_menus_shows_the_address(route: str) -> None:
    for element, above in elements(pages().components[route]):
        if attribute(element, "type") == "search":
            in_menu = any("finder" in attribute(one, "class_name") for one in above)
            assert in_menu or name_of(element) == "addressfield"
