"""Widgets have accessible names and uncontrolled fields, and import no states and no core."""

import ast
import json
from pathlib import Path

import pytest
import reflex as rx

from ticket_app.ui import routes, theme
from ticket_app.ui import widgets as w

FOLDER = Path(w.__file__).parent


def drawn(component: rx.Component) -> str:
    return str(component)


def press() -> rx.event.EventSpec:
    return rx.noop()


def test_widgets_know_neither_states_nor_the_core():
    for module in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            module_named = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if module_named.startswith("ticket_app"):
                ours = {"ticket_app.ui", "ticket_app.ui.theme"}
                below = ("ticket_app.ui.widgets", "ticket_app.ui.components")
                assert module_named in ours or module_named.startswith(below), module.name
            assert not (isinstance(node, ast.ClassDef) and "State" in ast.unparse(node)), (
                module.name
            )


def test_every_component_has_a_docstring():
    for name in w.__all__:
        assert getattr(w, name).__doc__, name


@pytest.mark.parametrize("status", theme.STATUS_LOOKS)
def test_a_status_is_drawn_from_words_and_from_vars(status):
    assert drawn(w.status_badge(status))
    assert drawn(w.status_badge(rx.Var("row.status").to(str), "requester"))


def test_an_icon_button_has_a_name():
    assert '"aria-label":"Assign to me"' in drawn(w.icon_button("user-plus", "Assign to me"))


def test_a_field_ties_its_help_and_error_to_the_control():
    text = drawn(
        w.field(
            "Title", w.text_input("title"), name="title", hint="One sentence", error="Too short"
        )
    )
    assert '"aria-describedby":"title-help title-error"' in text
    assert '"aria-invalid":"true"' in text
    assert 'htmlFor:"title"' in text


def test_the_error_reaches_a_control_inside_a_composed_one():
    text = drawn(w.field("Text", w.markdown_input("body"), name="body", error="Empty"))
    control = text[text.index("jsx(MarkdownTextarea") :]
    assert '"aria-invalid":"true"' in control[: control.index("}")]


def test_the_composer_is_uncontrolled_so_that_nothing_redraws_it():
    text = drawn(w.composer(on_submit=press))
    area = text[text.index("jsx(MarkdownTextarea") :]
    assert "defaultValue" in area
    assert ",value:" not in area[: area.index("}")]


def test_composer_shows_the_audience_and_the_action_of_its_button():
    text = drawn(w.composer(on_submit=press))
    for words in (
        "Visible to",
        "Reply",
        "Internal note",
        "Add note",
        "Visible to staff only",
    ):
        assert words in text


def test_a_requester_has_no_way_to_write_a_note():
    assert "note" not in drawn(w.composer(on_submit=press, allows_notes=False, status_choices=()))


def test_only_a_clean_file_is_a_link():
    clean = drawn(w.attachment_tile(name="a.png", size="1 KB", href="/files/1"))
    held = drawn(w.attachment_tile(name="a.png", size="1 KB", href="/files/1", state="scanning"))
    assert "/files/1" in clean
    assert "/files/1" not in held


def test_a_toast_is_data_and_not_code():
    event = w.toast('BUG-15 "resolved"', tone="green", undo_button_id="undo-status")
    assert event.handler.fn.__qualname__ == "_set_value"
    payload = {str(name): value for name, value in event.args}
    sent = json.loads(json.loads(str(payload["value"])))
    assert sent["toast"] == 'BUG-15 "resolved"'
    assert sent["undo"] == "undo-status"


def test_an_empty_assignee_is_shown_as_nobody():
    text = drawn(
        w.queue_row(
            to="/desk/tickets/BUG-1", number="BUG-1", title="T", last_comment="", status="new",
            priority="low", tags=[], due="", due_state="", assignee="", assignee_initials="",
            assignee_color=0, updated_at="2026-11-21T00:00:00Z",
        )
    )  # fmt: skip
    assert "Unassigned" in text


def test_addresses_escape_what_they_are_given():
    assert routes.desk_ticket("a/b?c") == "/desk/tickets/a%2Fb%3Fc"
    assert routes.login("/desk?x=1&y=2") == "/login?next=%2Fdesk%3Fx%3D1%26y%3D2"
    assert routes.desk_view("mine", status="open", tag="") == "/desk/views/mine?status=open"


def test_a_search_field_takes_its_text_from_the_address_only():
    field = drawn(w.search_field("Search"))
    assert 'jsx(AddressField,{"aria-label":"Search"' in field
    assert 'param:"q"' in field
    assert 'resets:["after", "n", "page"]' in field
    assert "defaultValue" not in field
    assert "onChange" not in field
