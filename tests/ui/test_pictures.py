"""Pictures of an email are shown where the sender put them."""

from __future__ import annotations

import pytest

from ticket_app.core.platform import markup
from ticket_app.core.platform.vocabulary import TextFormat
from ticket_app.ui.pictures import insert_pictures
from ticket_app.ui.rows import FileRow

TEXT = "Before\n\n[image: a & b [1].png]\n\nAfter"


def _file(name: str, *, thumbnail: str = "/files/1") -> FileRow:
    return FileRow(
        id="1",
        name=name,
        size=1,
        href="/files/1",
        thumbnail=thumbnail,
        extension="png",
        state="clean",
        note="1 B",
        entry_id=1,
    )


def _rendered(text: str, text_format: TextFormat = TextFormat.PLAIN) -> str:
    return markup.render(text, text_format=text_format)


def test_picture_is_shown_in_its_place():
    shown = insert_pictures(_rendered(TEXT), [_file("other.png"), _file("a & b [1].png")])

    before, _, after = shown.partition(
        '<img src="/files/1" alt="a &amp; b [1].png" loading="lazy">'
    )
    assert "Before" in before
    assert "After" in after
    assert "[image:" not in shown


@pytest.mark.parametrize("file", [_file("other.png"), _file("a & b [1].png", thumbnail="")])
def test_words_stay_where_the_message_has_no_such_picture_or_it_is_not_scanned(file: FileRow):
    assert insert_pictures(_rendered(TEXT), [file]) == _rendered(TEXT)


def test_name_of_a_picture_is_no_html():
    name = '"><script>x.png'

    shown = insert_pictures(_rendered(f"[image: {name}]"), [_file(name)])

    assert "<script>" not in shown
    assert 'alt="&quot;&gt;&lt;script&gt;x.png"' in shown


def test_name_that_looks_like_the_place_of_another_picture_is_a_name():
    outer, inner = "[image: b.png]", "b.png"

    shown = insert_pictures(_rendered(f"[image: {outer}]"), [_file(outer), _file(inner)])

    assert shown.count("<img") == 1
    assert 'alt="[image: b.png]"' in shown


def test_markdown_is_left_as_it_is():
    rendered = _rendered("[image: a.png]", TextFormat.MARKDOWN)

    assert insert_pictures(rendered, [_file("a.png")]) == rendered
