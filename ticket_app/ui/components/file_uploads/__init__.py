"""Uploads of files that are dropped, pasted or chosen.

Each file is one request: POST multipart with `file` and the area's fields; the answer is
`{success, attachment}` or `{success: false, error}`.
"""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from ticket_app.ui.components import dom as dom
from ticket_app.ui.components import failure_reports as failure_reports
from ticket_app.ui.components import texts as texts

SOURCE: Final = rx.asset("component.tsx", shared=True)
for _name in ("areas.ts", "rules.ts", "transfer.ts", "uploads.ts"):
    rx.asset(_name, shared=True)


class UploadArea(BaseHTML):
    """Files dropped on it, or pasted into its form, go to `upload_url` with `upload_fields`.

    `types` are extensions (".png,.pdf") and `max_bytes` a size, checked before sending.
    """

    library = SOURCE.importable_path
    tag = "UploadArea"

    upload_url: rx.Var[str]

    upload_fields: rx.Var[dict[str, str]]

    max_bytes: rx.Var[int]

    types: rx.Var[str]

    on_uploaded: rx.EventHandler[rx.event.no_args_event_spec]


class FilePicker(BaseHTML):
    """The field that chooses files for the upload area around it."""

    library = SOURCE.importable_path
    tag = "FilePicker"

    accept: rx.Var[str]

    name: rx.Var[str]

    form: rx.Var[str]


class UploadList(BaseHTML):
    """The tiles of uploads that are running or have failed."""

    library = SOURCE.importable_path
    tag = "UploadList"
