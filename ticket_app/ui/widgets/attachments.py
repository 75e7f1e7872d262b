"""Files: the tile of an attachment and the area to add files."""

import reflex as rx

from ticket_app.ui.components.file_uploads import FilePicker, UploadArea, UploadList
from ticket_app.ui.widgets import texts
from ticket_app.ui.widgets.buttons import icon_button
from ticket_app.ui.widgets.forms import NO_FORM, unmanaged_id
from ticket_app.ui.widgets.vars import Text, may_be_present


def upload_props(
    url: Text, fields: dict[str, Text] | None, on_uploaded: rx.event.EventType | None
) -> dict[str, object]:
    """Return the props of a component that uploads files; none without a URL."""
    if not may_be_present(url):
        return {}
    done = {} if on_uploaded is None else {"on_uploaded": on_uploaded}
    return {"upload_url": url, "upload_fields": fields or {}, **done}


def drop_zone(
    *,
    upload_url: Text,
    on_uploaded: rx.event.EventType,
    max_bytes: int,
    limits_text: Text,
    fields: dict[str, Text] | None = None,
    extensions: Text = "",
    tiles: rx.Component | None = None,
    input_id: str = "files",
) -> rx.Component:
    """Return an area to drop, paste or choose files: each goes to `upload_url` with `fields`.

    `on_uploaded` runs after each, so that a handler can update `tiles`. `extensions` (".png,.pdf")
    and `max_bytes` are checked before sending.
    """
    return UploadArea.create(
        rx.el.label(
            rx.icon("upload", size=20, stroke_width=1.75),
            rx.el.span(
                rx.el.b(texts.UPLOAD_CHOOSE_FILES),
                texts.UPLOAD_DROP_OR_PASTE,
                rx.el.small(limits_text),
            ),
            FilePicker.create(
                **unmanaged_id(input_id),
                name=f"{input_id}-picked",
                form=NO_FORM,
                accept=extensions,
            ),
            class_name="drop-zone",
        ),
        *([tiles] if tiles is not None else []),
        UploadList.create(role="status"),
        class_name="file-drop",
        max_bytes=max_bytes,
        types=extensions,
        **upload_props(upload_url, fields, on_uploaded),
    )


def attachment_tile(
    *,
    name: Text,
    size: Text,
    href: Text,
    extension: Text = "",
    thumbnail: Text = "",
    state: Text = "clean",
    note: Text = "",
    description: Text = "",
    buttons: rx.Component | None = None,
    on_remove: rx.event.EventType | None = None,
    key: Text | None = None,
) -> rx.Component:
    """Return a file: thumbnail or extension, name and size.

    `state` is clean, scanning or failed (`note` says why). Only a clean file is a link; its URL
    checks access. `buttons` are instead of the button of `on_remove`.
    """
    image = rx.el.img(src=thumbnail, alt="", loading="lazy")
    preview = (
        rx.cond(thumbnail, image, rx.el.span(extension))
        if isinstance(thumbnail, rx.Var)
        else (image if thumbnail else rx.el.span(extension))
    )
    file_link = rx.el.a(
        name,
        href=href,
        target="_blank",
        rel="noopener",
        class_name="file-name file-link truncate",
        title=name,
        dir="auto",
    )
    plain_name = rx.el.span(name, class_name="file-name truncate", title=name, dir="auto")
    title = (
        rx.cond(state == "clean", file_link, plain_name)
        if isinstance(state, rx.Var)
        else (file_link if state == "clean" else plain_name)
    )
    caption = rx.cond(note, note, size) if isinstance(note, rx.Var) else (note or size)
    return rx.el.div(
        rx.el.span(preview, class_name="file-icon", aria_hidden="true"),
        rx.el.span(
            title,
            *(
                [
                    rx.cond(
                        description,
                        rx.el.span(
                            description,
                            class_name="file-details truncate",
                            title=description,
                            dir="auto",
                        ),
                    )
                ]
                if may_be_present(description)
                else []
            ),
            rx.el.span(caption, class_name="file-details"),
            style={"minWidth": 0},
        ),
        *([buttons] if buttons is not None else []),
        *(
            [icon_button("x", texts.FILE_REMOVE, size="small", on_click=on_remove)]
            if on_remove is not None
            else []
        ),
        class_name="file",
        data_state=state,
        key=key,
    )


def file_list(*tiles: rx.Component | rx.Var) -> rx.Component:
    """Return a wrapping row of `attachment_tile`s."""
    return rx.el.div(*tiles, class_name="file-list")
