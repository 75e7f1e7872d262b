"""What may be attached: judged by content as well as by name (Centcom, "File Upload Limits")."""

from __future__ import annotations

import codecs
import re
import secrets
import string
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal

import orjson
import puremagic

from ticket_app.core.platform.errors import Unacceptable

HEAD_BYTES = 4096
"""How much of a file's beginning the signature checks want to see."""
NAME_BYTES = 255
"""A display name is at most this long in UTF-8, the limit of common file systems."""
EXTENSION_BYTES = 20
"""A longer ending is part of the name, not an extension."""
JSON_PARSED_BYTES = 2 * 1024 * 1024
"""Up to this size JSON is parsed; above, parsing would cost more memory than it proves."""
STRAY_CONTROLS = 1000
"""Text may hold one stray control character in this many (logs do), never a NUL."""
RANDOM_LETTERS = 8
"""Random part of a stored name."""

Family = Literal["image", "video", "document"]


@dataclass(frozen=True, slots=True)
class FileType:
    """A type the desk takes: `extension` is the usual one, without a dot."""

    mime: str
    extension: str
    family: Family
    label: str

    @property
    def shown_inline(self) -> bool:
        """Whether a browser may show it in place: raster images only, the rest is downloaded."""
        return self.family == "image"

    @property
    def is_text(self) -> bool:
        """Whether the content is characters."""
        return self in (TEXT, CSV, JSON)


JPEG = FileType("image/jpeg", "jpg", "image", "JPEG image")
PNG = FileType("image/png", "png", "image", "PNG image")
GIF = FileType("image/gif", "gif", "image", "GIF image")
WEBP = FileType("image/webp", "webp", "image", "WebP image")
MP4 = FileType("video/mp4", "mp4", "video", "MP4 video")
WEBM = FileType("video/webm", "webm", "video", "WebM video")
PDF = FileType("application/pdf", "pdf", "document", "PDF document")
TEXT = FileType("text/plain", "txt", "document", "text file")
CSV = FileType("text/csv", "csv", "document", "CSV file")
JSON = FileType("application/json", "json", "document", "JSON file")
ZIP = FileType("application/zip", "zip", "document", "ZIP archive")

BY_EXTENSION: dict[str, FileType] = {
    "jpg": JPEG,
    "jpeg": JPEG,
    "jfif": JPEG,
    "png": PNG,
    "gif": GIF,
    "webp": WEBP,
    "mp4": MP4,
    "webm": WEBM,
    "pdf": PDF,
    "txt": TEXT,
    "log": TEXT,
    "md": TEXT,
    "csv": CSV,
    "json": JSON,
    "zip": ZIP,
}
"""Every ending the desk takes, lower case."""

BY_MIME: dict[str, FileType] = {kind.mime: kind for kind in BY_EXTENSION.values()}
"""The type a stored MIME type stands for."""

ALLOWED = "JPEG, PNG, GIF and WebP images, MP4 and WebM videos, PDF, TXT, CSV, JSON and ZIP files"
"""What may be attached, in words."""


_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*]')
_DEVICE_NAMES = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.|$)", re.IGNORECASE
)
_INVISIBLE = {"Cc", "Cf", "Cs"}
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800\u034f"


def display_name(raw: str) -> str:
    """The name a file is shown and downloaded under: visible, one part, safe on any system.

    Takes whatever a client sent as file name; returns 1 to 255 bytes of it, never empty.
    """
    seen = (
        " " if character.isspace() else character
        for character in raw
        if character.isspace()
        or (unicodedata.category(character) not in _INVISIBLE and character not in _BLANK_LETTERS)
    )
    name = unicodedata.normalize("NFC", "".join(seen))
    name = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = " ".join(_FORBIDDEN_IN_NAMES.sub("_", name).split())
    name = name.lstrip(". ").rstrip(". ")
    if _DEVICE_NAMES.match(name):
        name = f"_{name}"
    return _shortened(name) or "file"


def _shortened(name: str) -> str:
    if len(name.encode()) <= NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > EXTENSION_BYTES:
        stem, dot, ending = name, "", ""
    room = NAME_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + dot + ending


def extension_of(name: str) -> str:
    """The ending of a cleaned display name, lower case, without its dot; "" if it has none."""
    stem, dot, ending = display_name(name).rpartition(".")
    return ending.lower() if dot and stem else ""


def stored_name(now: datetime, extension: str) -> str:
    """A name for the stored file, such as `1640123456_abc123xy.png`, never from the user's."""
    letters = string.ascii_lowercase + string.digits
    random = "".join(secrets.choice(letters) for _ in range(RANDOM_LETTERS))
    return f"{int(now.timestamp())}_{random}.{extension}"


def recognise(name: str, head: bytes, whole: BinaryIO | Path) -> FileType:
    """The type of a file, where its name and its content agree on one the desk takes.

    `head` is the first `HEAD_BYTES` of it (or all, if shorter), `whole` where to read the rest.
    Centcom, "File Upload Limits". Raises Unacceptable.
    """
    shown = display_name(name)
    kind = BY_EXTENSION.get(extension_of(shown))
    if kind is None:
        raise Unacceptable(f"{shown} cannot be attached. Allowed are {ALLOWED}.")
    if not head:
        raise Unacceptable(f"{shown} is empty.")
    if not _CHECKS[kind](head, whole):
        raise Unacceptable(f"{shown} is not a {kind.label}{_likeness(head, kind)}.")
    return kind


def _likeness(head: bytes, claimed: FileType) -> str:
    """What the content looks like instead, for a message that helps; "" if nobody knows."""
    try:
        guess = puremagic.magic_string(head)[0]
    except (puremagic.PureError, ValueError, IndexError):
        return ""
    ending = guess.extension.lstrip(".").lower()
    if not re.fullmatch(r"[a-z0-9]{1,8}", ending) or BY_EXTENSION.get(ending) is claimed:
        return ""
    return f"; its content looks like .{ending}"


@contextmanager
def _reading(whole: BinaryIO | Path) -> Iterator[BinaryIO]:
    """The file from its start; a stream that was passed in keeps its place."""
    if isinstance(whole, Path):
        with whole.open("rb") as stream:
            yield stream
        return
    place = whole.tell()
    whole.seek(0)
    try:
        yield whole
    finally:
        whole.seek(place)


def _size(whole: BinaryIO | Path) -> int:
    with _reading(whole) as stream:
        return stream.seek(0, 2)


def _is_jpeg(head: bytes, _: BinaryIO | Path) -> bool:
    return head[:3] == b"\xff\xd8\xff" and len(head) > 3 and 0xC0 <= head[3] <= 0xFE


def _is_png(head: bytes, _: BinaryIO | Path) -> bool:
    return head[:16] == b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" and len(head) >= 33


def _is_gif(head: bytes, _: BinaryIO | Path) -> bool:
    return head[:6] in (b"GIF87a", b"GIF89a") and len(head) >= 13


def _is_webp(head: bytes, whole: BinaryIO | Path) -> bool:
    return (
        head[:4] == b"RIFF"
        and head[8:12] == b"WEBP"
        and head[12:16] in (b"VP8 ", b"VP8L", b"VP8X")
        and int.from_bytes(head[4:8], "little") + 8 <= _size(whole) + 1
    )


_MP4_BRANDS = re.compile(rb"iso[m2-9a-c]|mp4[1-2]|avc1|dash|msdh|M4V[ HP]|MSNV|f4v |cmfc|hvc1|av01")
_OTHER_BRANDS = {
    b"qt  ",
    b"M4A ",
    b"M4B ",
    b"heic",
    b"heix",
    b"hevc",
    b"mif1",
    b"msf1",
    b"avif",
}


def _is_mp4(head: bytes, _: BinaryIO | Path) -> bool:
    length = int.from_bytes(head[:4], "big")
    if head[4:8] != b"ftyp" or not 16 <= length <= HEAD_BYTES or length % 4:
        return False
    major, minor = head[8:12], head[16:length]
    brands = [major, *(minor[at : at + 4] for at in range(0, len(minor), 4))]
    return major not in _OTHER_BRANDS and any(_MP4_BRANDS.fullmatch(brand) for brand in brands)


def _is_webm(head: bytes, _: BinaryIO | Path) -> bool:
    """An EBML header whose DocType is webm; Matroska has the same signature and is not taken."""
    if head[:4] != b"\x1a\x45\xdf\xa3":
        return False
    length, at = _ebml_size(head, 4)
    end = min(at + length, len(head))
    while at + 2 <= end:
        width = 9 - head[at].bit_length()
        if width > 4:
            return False
        name = head[at : at + width]
        length, at = _ebml_size(head, at + width)
        if name == b"\x42\x82":
            return head[at : at + length].rstrip(b"\0") == b"webm"
        at += length
    return False


def _ebml_size(head: bytes, at: int) -> tuple[int, int]:
    """The EBML number at a place, and the place after it; an endless length if it is broken."""
    first = head[at] if at < len(head) else 0
    if not first:
        return len(head), len(head)
    width = 9 - first.bit_length()
    value = int.from_bytes(head[at : at + width], "big") & ((1 << (7 * width)) - 1)
    return value, at + width


def _is_pdf(head: bytes, _: BinaryIO | Path) -> bool:
    return re.match(rb"%PDF-[12]\.\d", head) is not None


def _is_zip(head: bytes, whole: BinaryIO | Path) -> bool:
    if head[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
        return False
    with _reading(whole) as stream:
        return zipfile.is_zipfile(stream)


_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = "".join(
    chr(code) for code in [*range(32), 127] if chr(code) not in "\a\b\t\n\v\f\r\x1b"
)
_CONTROL = re.compile(f"[{re.escape(_CONTROLS)}]")


def encoding_of(head: bytes) -> str:
    """The encoding a text's byte order mark announces; UTF-8 without one."""
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "utf-8")


def _is_text(head: bytes, whole: BinaryIO | Path) -> bool:
    """UTF-8, or UTF-16/32 with its mark, or else a one-byte encoding; hardly any controls."""
    encoding = encoding_of(head)
    return _reads_as(encoding, whole) or (encoding == "utf-8" and _reads_as("latin-1", whole))


def _reads_as(encoding: str, whole: BinaryIO | Path) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    strays = characters = 0
    with _reading(whole) as stream:
        try:
            while chunk := stream.read(256 * 1024):
                text = decoder.decode(chunk)
                if "\0" in text:
                    return False
                strays += len(_CONTROL.findall(text))
                characters += len(text)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return strays <= characters // STRAY_CONTROLS


def _is_json(head: bytes, whole: BinaryIO | Path) -> bool:
    if not _is_text(head, whole):
        return False
    if _size(whole) > JSON_PARSED_BYTES:
        return head.decode(encoding_of(head), errors="ignore").lstrip()[:1] in tuple('[{"')
    with _reading(whole) as stream:
        content = stream.read(JSON_PARSED_BYTES)
    try:
        orjson.loads(content.decode(encoding_of(content)))
    except ValueError:
        return False
    return True


_CHECKS: dict[FileType, Callable[[bytes, BinaryIO | Path], bool]] = {
    JPEG: _is_jpeg,
    PNG: _is_png,
    GIF: _is_gif,
    WEBP: _is_webp,
    MP4: _is_mp4,
    WEBM: _is_webm,
    PDF: _is_pdf,
    TEXT: _is_text,
    CSV: _is_text,
    JSON: _is_json,
    ZIP: _is_zip,
}
