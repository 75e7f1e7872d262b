"""The composer on the pages of a ticket: the form and the files of its draft."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.pages.composer.comments import REPLY
from ticket_app.ui.pages.composer.mentions import mentions_url
from ticket_app.ui.pages.files import UPLOAD_URL, file_tiles


def composer_form(state: Any, *, audience: Any = REPLY, **props: Any) -> rx.Component:
    """Return the composer of a `CommentComposer`; props go to the widget."""
    place = rx.Var.create("ticket:") + state.ticket_id.to_string() + ":" + audience
    return w.composer(
        on_submit=state.send(state.ticket_id),
        on_change=lambda text: state.autosave(state.ticket_id, text).debounce(700),
        text=state.draft_text,
        mentions_url=mentions_url(state.ticket_id),
        upload_url=UPLOAD_URL,
        upload_fields={"place": place},
        on_uploaded=state.reload_draft_files,
        saved=w.saved_indicator(state.saved_at != "", state.saved_at, state.saved_length),
        audience=audience,
        **props,
    )


def composer_key(state: Any) -> rx.Var[str]:
    """Return the key of the composer: the ticket, and how often its draft was loaded."""
    return state.ticket_id.to_string() + "-" + state.load_count.to_string()


def draft_files(state: Any) -> rx.Component:
    """Return the files of the draft, each with a button that removes it."""
    return rx.cond(state.draft_files.length() > 0, file_tiles(state.draft_files, state.remove_file))
