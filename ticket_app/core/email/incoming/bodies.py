"""Find the text and the files of a message among its parts."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass, field, replace
from email.message import EmailMessage

from ticket_app.core.attachments.file_types import display_name
from ticket_app.core.email.incoming import calendars, charsets, html_text, winmail
from ticket_app.core.email.incoming.files import (
    ParsedFile,
    children_of,
    content_type,
    declared_name,
    disposition,
    file_of,
    part_bytes,
)
from ticket_app.core.email.incoming.headers import parameter

MAX_DEPTH = 200
"""Levels of parts within parts that are read."""
MAX_PARTS = 500
"""Parts that are read."""
MAX_TEXT_LENGTH = 2_000_000
"""Characters of a text that are read."""

_IGNORED = {
    *("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"),
    *("application/applefile", "text/x-amp-html", "text/watch-html", "application/pgp-encrypted"),
}
"""Types that are no content: signatures of the whole, and versions for other devices."""
_REPORT_PARTS = (
    "message/delivery-status",
    "message/disposition-notification",
    "text/rfc822-headers",
)
_IMAGE_REFERENCE = re.compile(
    r"""<img\b[^>]{0,2000}?\bsrc\s*=\s*["']?cid:([^"'\s>]{1,300})""", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0\ufdd1\ufeff]")
_PGP = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[\w-]+:.*\n)*\n?(.*?)\n-----BEGIN PGP SIGNATURE-----"
    r".*?-----END PGP SIGNATURE-----",
    re.DOTALL,
)


@dataclass(slots=True)
class TextBlock:
    """A text of a message in one form or in both."""

    plain: str | None = None
    html: str | None = None


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
    if kind.startswith("multipart/") and part.is_multipart():
        _read_multipart(part, kind, contents, depth)
    elif _is_text(part, kind):
        _read_text(part, kind, contents)
    else:
        _read_file(part, kind, contents)


def _read_multipart(part: EmailMessage, kind: str, contents: Contents, depth: int) -> None:
    children = children_of(part)
    if kind == "multipart/report":
        contents.reports += children[:MAX_PARTS]
    if kind != "multipart/alternative":
        for child in children:
            if kind == "multipart/report" and content_type(child) in _REPORT_PARTS:
                continue
            _read_part(child, contents, depth + 1)
        return
    first_block = len(contents.blocks)
    for child in children:
        _read_part(child, contents, depth + 1)
    found = contents.blocks[first_block:]
    plain = [block.plain for block in found if block.html is None and block.plain is not None]
    html = [block.html for block in found if block.html is not None]
    contents.blocks[first_block:] = [
        TextBlock(
            plain="\n\n".join(plain) if plain else None, html="\n".join(html) if html else None
        )
    ]


def _is_text(part: EmailMessage, kind: str) -> bool:
    """Return whether a part is words to read here and not a file."""
    if kind not in ("text/plain", "text/html", "text/enriched") or part.is_multipart():
        return False
    return disposition(part) != "attachment" and not declared_name(part)


def _read_text(part: EmailMessage, kind: str, contents: Contents) -> None:
    text = part_text(part)
    if len(text) > MAX_TEXT_LENGTH:
        contents.add_defect("text too long")
        text = text[:MAX_TEXT_LENGTH]
    if kind != "text/plain":
        contents.blocks.append(TextBlock(html=text))
        return
    if parameter(part, "Content-Type", "format").lower() == "flowed":
        deletes_space = parameter(part, "Content-Type", "delsp").lower() == "yes"
        text = unflow(text, deletes_space=deletes_space)
    contents.blocks.append(TextBlock(plain=_PGP.sub(r"\1", text)))


def part_text(part: EmailMessage) -> str:
    """Return the text of a part with `\\n` at the end of lines and without control characters."""
    text = charsets.decode(part_bytes(part), parameter(part, "Content-Type", "charset") or None)
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
        contents.invitations += calendars.describe(part_text(part))
        if any(other.content == file.content for other in contents.files):
            return  # Outlook and Google send an invitation twice, as a text and as a file
    contents.files.append(file)


def _read_winmail(packed: winmail.WinmailContents, contents: Contents) -> None:
    has_text = any((block.plain or "").strip() or block.html for block in contents.blocks)
    if not has_text and (packed.text or packed.html):
        text = re.sub(r"\r\n?", "\n", packed.text)
        contents.blocks.append(TextBlock(_CONTROL.sub("", text) or None, packed.html or None))
    for name, content in packed.files[:MAX_PARTS]:
        safe = display_name(name or "file")
        mime_type = mimetypes.guess_type(safe)[0] or "application/octet-stream"
        contents.files.append(ParsedFile(safe, mime_type, content, None, is_inline=False))


def unflow(text: str, *, deletes_space: bool) -> str:
    """Return a text in `format=flowed` (RFC 3676) with each paragraph on one line."""
    result: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        words = line.lstrip(">")
        depth = len(line) - len(words)
        words = words.removeprefix(" ")
        is_signature = words == "-- "
        is_flowed = words.endswith(" ") and not is_signature
        content = words[:-1] if is_flowed and deletes_space else words
        if open_depth == depth and not is_signature:
            result[-1] += content
        else:
            result.append(f"{'>' * depth} {content}" if depth else content)
        open_depth = depth if is_flowed else None
    return "\n".join(result)


def assemble(contents: Contents) -> str:
    """Return the texts of a message as one, with the marks of `html_text.render`.

    Sets `is_inline` on the pictures that the HTML shows. Plain text is preferred to HTML, except
    where the HTML has pictures of the message in their places.
    """
    names = {file.content_id: file.name for file in contents.files if file.content_id}
    texts: list[str] = []
    shown: set[str] = set()
    for block in contents.blocks:
        references = set(_IMAGE_REFERENCE.findall(block.html or "")) & names.keys()
        shown |= references
        if block.html is not None and (references or not (block.plain or "").strip()):
            texts.append(html_text.render(block.html, names))
        else:
            texts.append(block.plain or "")
    contents.files = [replace(file, is_inline=file.content_id in shown) for file in contents.files]
    return "\n\n".join(text.strip("\n") for text in texts if text.strip())
