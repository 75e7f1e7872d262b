"""Find the text and the files of a message among its parts."""

from __future__ import annotations

import base64
import mimetypes
import re
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from urllib.parse import unquote

from ticket_app.core.attachments.file_types import display_name
from ticket_app.core.email.incoming import calendars, charsets, html_text, winmail
from ticket_app.core.email.incoming.files import (
    ParsedFile,
    children_of,
    content_type,
    declared_name,
    decoded_content,
    disposition,
    file_of,
)
from ticket_app.core.email.incoming.headers import parameter

MAX_DEPTH = 200
"""Levels of parts within parts that are read."""
MAX_PARTS = 500
"""Parts that are read."""
MAX_DATA_IMAGES = 50
"""Pictures that are written into the HTML itself and become files."""
MAX_TEXT_LENGTH = 500_000
"""Characters of a plain text that are read."""

_IGNORED = {
    *("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"),
    *("application/applefile", "text/x-amp-html", "text/watch-html", "application/pgp-encrypted"),
}
"""Types that are no content: signatures of the whole, and versions for other devices."""
_REPORT_PARTS = {
    *("message/delivery-status", "message/disposition-notification", "message/feedback-report"),
    *("text/rfc822-headers", "message/rfc822-headers", "message/rfc822", "message/global"),
}
"""Parts of a report that are read by `reports` and are no files of it."""
_IMAGE_REFERENCE = re.compile(
    r"""<img\b[^<>]{0,2000}?\bsrc\s*=\s*["']?cid:([^"'\s>]{1,300})""", re.IGNORECASE
)
_DATA_IMAGE = re.compile(
    r"""(<img\b[^<>]{0,2000}?\bsrc\s*=\s*)["']data:(image/(?:png|jpeg|gif|webp));base64,([^"'>]+)["']""",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0\ufdd1\ufeff]")
_PGP_BEGIN, _PGP_SIGNATURE = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----"


@dataclass(slots=True)
class TextBlock:
    """A text of a message in one form or in both, or a picture among texts."""

    plain: str | None = None
    html: str | None = None
    picture: ParsedFile | None = None


@dataclass(slots=True)
class Contents:
    """What the parts of a message hold, in their order."""

    blocks: list[TextBlock] = field(default_factory=list[TextBlock])
    files: list[ParsedFile] = field(default_factory=list[ParsedFile])
    invitations: list[str] = field(default_factory=list[str])
    reports: list[EmailMessage] = field(default_factory=list[EmailMessage])
    """The parts of a `multipart/report`."""
    defects: list[str] = field(default_factory=list[str])
    part_count: int = 0

    def add_defect(self, defect: str) -> None:
        """Record a defect once."""
        if defect not in self.defects:
            self.defects.append(defect)


def read_contents(message: EmailMessage) -> Contents:
    """Return the texts and files of a message; what is beyond the limits is a defect."""
    contents = Contents()
    _read_part(message, contents, 0)
    return contents


def _read_part(part: EmailMessage, contents: Contents, depth: int) -> None:
    contents.part_count += 1
    if depth > MAX_DEPTH or contents.part_count > MAX_PARTS:
        contents.add_defect("too deeply nested" if depth > MAX_DEPTH else "too many parts")
        return
    kind = content_type(part)
    if kind in _IGNORED:
        return
    if kind.startswith("multipart/"):
        if part.is_multipart():
            _read_multipart(part, kind, contents, depth)
        else:  # without the boundary that its header names
            _read_text(part, "text/plain", contents)
    elif _is_text(part, kind):
        _read_text(part, kind, contents)
    else:
        _read_file(part, kind, contents)


def _read_multipart(part: EmailMessage, kind: str, contents: Contents, depth: int) -> None:
    children = children_of(part)
    if kind == "multipart/report":
        contents.reports += children[:MAX_PARTS]
        children = [child for child in children if content_type(child) not in _REPORT_PARTS]
    if kind != "multipart/alternative":
        for child in children:
            _read_part(child, contents, depth + 1)
        return
    first_block = len(contents.blocks)
    for child in children:
        _read_part(child, contents, depth + 1)
    found = contents.blocks[first_block:]
    pictures = [block for block in found if block.picture is not None]
    plain = [block.plain for block in found if block.html is None and block.plain is not None]
    html = [block.html for block in found if block.html is not None]
    contents.blocks[first_block:] = [
        TextBlock(
            plain="\n\n".join(plain) if plain else None, html="\n".join(html) if html else None
        ),
        *pictures,
    ]


def _is_text(part: EmailMessage, kind: str) -> bool:
    """Return whether a part is words to read here and not a file."""
    if kind not in ("text/plain", "text/html", "text/enriched") or part.is_multipart():
        return False
    return disposition(part) != "attachment" and not declared_name(part)


def _read_text(part: EmailMessage, kind: str, contents: Contents) -> None:
    text = part_text(part)
    if kind == "text/html":
        text = _extract_first_data_images(text, contents)
    max_length = MAX_TEXT_LENGTH if kind == "text/plain" else html_text.MAX_HTML_LENGTH
    if len(text) > max_length:
        contents.add_defect("text too long")
        text = text[:max_length]
    if kind != "text/plain":
        contents.blocks.append(TextBlock(html=text))
        return
    if parameter(part, "Content-Type", "format").lower() == "flowed":
        deletes_space = parameter(part, "Content-Type", "delsp").lower() == "yes"
        text = unflow(text, deletes_space=deletes_space)
    contents.blocks.append(TextBlock(plain=_without_pgp(text)))


def _extract_first_data_images(html: str, contents: Contents) -> str:
    """Make files of pictures that are written into HTML, and refer to them by content id."""

    def extracted(found: re.Match[str]) -> str:
        count = sum(file.name.startswith("picture") for file in contents.files)
        mime_type = found[2].lower()
        try:
            content = base64.b64decode(re.sub(r"\s", "", unquote(found[3])))
        except ValueError:
            content = b""
        if not content or count >= MAX_DATA_IMAGES:
            return f'{found[1]}""'
        name = f"picture{count + 1}.{mime_type.partition('/')[2].replace('jpeg', 'jpg')}"
        content_id = f"{name}@data"
        contents.files.append(ParsedFile(name, mime_type, content, content_id, is_inline=True))
        return f'{found[1]}"cid:{content_id}"'

    return _DATA_IMAGE.sub(extracted, html)


def part_text(part: EmailMessage) -> str:
    """Return the text of a part with `\\n` at the end of lines and without control characters."""
    text = charsets.decode(
        decoded_content(part), parameter(part, "Content-Type", "charset") or None
    )
    return _CONTROL.sub("", re.sub(r"\r\n?|[\u2028\u2029\x85]", "\n", text))


def _read_file(part: EmailMessage, kind: str, contents: Contents) -> None:
    file = file_of(part)
    if kind == "application/ms-tnef" or file.name.lower() == "winmail.dat":
        packed = winmail.read(file.content)
        if packed is not None:
            _read_winmail(packed, contents)
            return
        contents.add_defect("unreadable winmail.dat")
    if kind == "text/calendar" or file.name.lower().endswith(".ics"):
        lines = calendars.describe_events(part_text(part))
        if lines and contents.invitations[-len(lines) :] == lines:
            return  # Google sends an invitation twice, as a text and as a file
        contents.invitations += lines
    contents.files.append(file)
    if kind.startswith("image/") and disposition(part) == "inline":
        contents.blocks.append(TextBlock(picture=file))


def _read_winmail(packed: winmail.WinmailContents, contents: Contents) -> None:
    has_text = any((block.plain or "").strip() or block.html for block in contents.blocks)
    if not has_text and (packed.text or packed.html):
        text = re.sub(r"\r\n?", "\n", packed.text)
        contents.blocks.append(TextBlock(_CONTROL.sub("", text) or None, packed.html or None))
    for name, content in packed.files[:MAX_PARTS]:
        safe = display_name(name or "file")
        mime_type = mimetypes.guess_type(safe)[0] or "application/octet-stream"
        contents.files.append(ParsedFile(safe, mime_type, content, None, is_inline=False))


def _without_pgp(text: str) -> str:
    """Return the words of a text that is signed within itself; any other text as it is."""
    start = text.find(_PGP_BEGIN)
    end = text.find(_PGP_SIGNATURE, start)
    if start == -1 or end == -1:
        return text
    before, signed = text[:start], text[start + len(_PGP_BEGIN) : end]
    words = signed.partition("\n\n")[2]  # below its own headers
    return before + re.sub(r"^- (?=-)", "", words, flags=re.MULTILINE)


def unflow(text: str, *, deletes_space: bool) -> str:
    """Return a text in `format=flowed` (RFC 3676) with each paragraph on one line."""
    paragraphs: list[list[str]] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        words = line.lstrip(">")
        depth = len(line) - len(words)
        words = words.removeprefix(" ")
        is_signature = words == "-- "
        is_flowed = words.endswith(" ") and not is_signature
        content = words[:-1] if is_flowed and deletes_space else words
        if open_depth == depth and not is_signature:
            paragraphs[-1].append(content)
        else:
            paragraphs.append([f"{'>' * depth} {content}" if depth else content])
        open_depth = depth if is_flowed else None
    return "\n".join("".join(pieces) for pieces in paragraphs)


def assemble(contents: Contents) -> str:
    """Return the texts of a message as one, with the marks of `html_text.render`.

    Gives each file a name of its own and sets `is_inline` on the pictures that are shown in the
    text. Plain text is preferred to HTML, except where the HTML has pictures in their places.
    """
    _make_names_unique(contents)
    names = {file.content_id: file.name for file in contents.files if file.content_id}
    texts: list[str] = []
    shown: set[str] = set()
    for block in _without_last_pictures(contents.blocks):
        references = set(_IMAGE_REFERENCE.findall(block.html or "")) & names.keys()
        shown |= {names[reference] for reference in references}
        if block.picture is not None:
            if block.picture.name not in shown:
                texts.append(html_text.image_placeholder(block.picture.name))
                shown.add(block.picture.name)
        elif block.html is not None and (references or not (block.plain or "").strip()):
            texts.append(html_text.render(block.html, names))
        else:
            texts.append(block.plain or "")
    contents.files = [replace(file, is_inline=file.name in shown) for file in contents.files]
    return "\n\n".join(text.strip("\n") for text in texts if text.strip())


def _without_last_pictures(blocks: list[TextBlock]) -> list[TextBlock]:
    """Return the blocks without the pictures below all texts, which are only attached."""
    end = len(blocks)
    while end and blocks[end - 1].picture is not None:
        end -= 1
    return blocks[:end]


def _make_names_unique(contents: Contents) -> None:
    """Number files of the same name, such as the `image.png` of each screenshot."""
    taken: set[str] = set()
    renamed: dict[int, ParsedFile] = {}
    for file in contents.files:
        name, count = file.name, 1
        while name.casefold() in taken:
            count += 1
            stem, dot, extension = file.name.rpartition(".")
            name = f"{stem}-{count}.{extension}" if dot and stem else f"{file.name}-{count}"
        taken.add(name.casefold())
        renamed[id(file)] = replace(file, name=name)
    contents.files = [renamed[id(file)] for file in contents.files]
    for block in contents.blocks:
        if block.picture is not None:
            block.picture = renamed[id(block.picture)]
