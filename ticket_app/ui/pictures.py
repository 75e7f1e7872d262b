"""Pictures in the text of an email, shown where the sender put them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from ticket_app.core.email.incoming.html_text import image_placeholder
from ticket_app.ui.rows import FileRow

PLAIN_TEXT_START = '<div class="plain-text"'
"""What `markup.render` begins plain text with; emails are plain text."""


def insert_pictures(rendered: str, files: Iterable[FileRow]) -> str:
    """Return the HTML of a plain text with the pictures among its files in their places."""
    if not rendered.startswith(PLAIN_TEXT_START):
        return rendered
    pictures = {
        html.escape(image_placeholder(file.name)): _picture(file)
        for file in files
        if file.thumbnail
    }
    if not pictures:
        return rendered
    # In one pass, because the name of a file may look like the place of another one.
    places = re.compile("|".join(map(re.escape, pictures)))
    return places.sub(lambda place: pictures[place[0]], rendered)


def _picture(file: FileRow) -> str:
    href, source, name = map(html.escape, (file.href, file.thumbnail, file.name))
    image = f'<img src="{source}" alt="{name}" loading="lazy">'
    return f'<a href="{href}" target="_blank">{image}</a>'
