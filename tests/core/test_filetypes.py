"""What may be attached, and what a file is called."""

from __future__ import annotations

import contextlib
import io
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core import samples
from ticket_app.core.attachments import file_types
from ticket_app.core.attachments.file_types import (
    BY_EXTENSION,
    display_name,
    recognise,
    stored_name,
)
from ticket_app.core.platform.errors import FileRejected


def recognised(name: str, content: bytes) -> file_types.FileType:
    return recognise(name, content[: file_types.HEAD_BYTES], io.BytesIO(content))


@pytest.mark.parametrize("name", samples.HONEST)
def test_valid_files_are_recognised(name: str, tmp_path: Path) -> None:
    content = samples.HONEST[name]
    expected = BY_EXTENSION[name.rpartition(".")[2].lower()]
    assert recognised(name, content) is expected
    path = tmp_path / "x"
    path.write_bytes(content)
    assert recognise(name, content[: file_types.HEAD_BYTES], path) is expected


def test_the_stream_keeps_its_place() -> None:
    stream = io.BytesIO(b"hello")
    stream.seek(3)
    recognise("a.txt", b"hello", stream)
    assert stream.tell() == 3


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("shot.png", samples.PE),
        ("shot.png", samples.jpeg()),
        ("shot.jpg", b"\xff\xd8"),
        ("clip.mp4", samples.MOV),
        ("clip.mp4", samples.HEIC),
        ("clip.webm", samples.ebml(b"matroska")),
        ("clip.webm", b"\x1a\x45\xdf\xa3"),
        ("notes.txt", samples.png()),
        ("notes.txt", samples.ELF),
        ("notes.txt", b"a\0b"),
        ("table.csv", samples.zipped({"a": b"b"})),
        ("data.json", b"{'a': 1}"),
        ("data.json", b'{"a": 1'),
        ("data.json", b"[" * 100_000),
        ("report.pdf", b"junk %PDF-1.7"),
        ("files.zip", b"PK\x03\x04 but no archive"),
        ("files.zip", b"Rar!\x1a\x07\x00"),
        ("picture.webp", b"RIFF\xff\xff\xff\x7fWEBPVP8 "),
        ("notes.txt", b""),
        ("setup.exe", samples.PE),
        ("drawing.svg", b"<svg/>"),
        ("page.html", b"<p>"),
        ("letter.docx", samples.zipped({"[Content_Types].xml": b"<x/>"})),
        ("noextension", b"text"),
        ("a.png.php", samples.png()),
    ],
)
def test_content_that_contradicts_its_name_is_rejected(name: str, content: bytes) -> None:
    with pytest.raises(FileRejected) as error:
        recognised(name, content)
    assert error.value.message.startswith(name)


def test_the_error_names_the_allowed_types_or_the_actual_one() -> None:
    with pytest.raises(FileRejected, match="Allowed are JPEG, PNG, GIF and WebP images"):
        recognised("setup.exe", samples.PE)
    with pytest.raises(FileRejected, match=r"is not a PNG image; its content looks like \.gif"):
        recognised("shot.png", samples.gif())


@pytest.mark.parametrize("name", ["a.php.png", "photo.png\u200b", "photo.png. .", "x/../a.PNG "])
def test_names_are_cleaned_before_they_are_judged(name: str) -> None:
    assert recognised(name, samples.png()) is file_types.PNG


@pytest.mark.parametrize("name", ["a.png\u200b.php", ".htaccess", "a.p\u200bht", "a.png/..php"])
def test_a_trick_in_the_name_does_not_hide_the_extension(name: str) -> None:
    with pytest.raises(FileRejected):
        recognised(name, samples.png())


def test_large_json_is_not_parsed_but_must_look_like_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_types, "JSON_PARSED_BYTES", 10)
    assert recognised("a.json", b' [1, 2, 3, "cut') is file_types.JSON
    with pytest.raises(FileRejected):
        recognised("a.json", b"only some words")


def test_only_raster_images_are_shown_inline() -> None:
    inline = {ending for ending, kind in BY_EXTENSION.items() if kind.shown_inline}
    assert inline == {"jpg", "jpeg", "jfif", "png", "gif", "webp"}


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("screenshot.png", "screenshot.png"),
        ("C:\\Users\\bob\\shot.png", "shot.png"),
        ("../../etc/passwd", "passwd"),
        (".htaccess", "htaccess"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("a\x00b\r\nc.txt", "ab c.txt"),
        ("con.txt", "_con.txt"),
        ("Re\u0301sume\u0301.pdf", "Résumé.pdf"),
        ('a<b>"c|d?.txt', "a_b__c_d_.txt"),
        ("", "file"),
        ("...", "file"),
        ("\u200b\u3164", "file"),
        ("\ud800.png", "png"),
        ("日本語 📎.txt", "日本語 📎.txt"),
    ],
)
def test_display_name_removes_paths_and_control_characters(raw: str, shown: str) -> None:
    assert display_name(raw) == shown


def test_a_long_name_keeps_its_extension() -> None:
    name = display_name("ü" * 400 + ".png")
    assert name.endswith("ü.png")
    assert len(name.encode()) <= 255


@given(st.text(max_size=400))
def test_any_name_becomes_a_safe_one(raw: str) -> None:
    name = display_name(raw)
    assert 1 <= len(name.encode()) <= 255
    assert not re.search(r'[/\\<>:"|?*]', name)
    assert name[0] not in ". "
    assert name[-1] not in ". "
    assert not {unicodedata.category(character) for character in name} & {"Cc", "Cf", "Cs"}
    assert display_name(name) == name


@given(st.binary(max_size=300), st.sampled_from(sorted(BY_EXTENSION)))
def test_any_bytes_are_recognised_or_refused(content: bytes, ending: str) -> None:
    with contextlib.suppress(FileRejected):
        assert recognised(f"x.{ending}", content) is BY_EXTENSION[ending]


def test_a_stored_name_holds_the_time_and_nothing_of_the_original() -> None:
    now = datetime.fromtimestamp(1640123456, UTC)
    names = {stored_name(now, "png") for _ in range(50)}
    assert len(names) == 50
    assert all(re.fullmatch(r"1640123456_[a-z0-9]{6,}\.png", name) for name in names)
