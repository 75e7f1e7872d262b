"""Programs, test viruses and disguises, recognised by their bytes.

No kept library lists what a help desk must not take: puremagic says what a file is likely to be,
this says what a file must not be, or not be at the same time.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile

from ticket_app.core.attachments import file_types
from ticket_app.core.attachments.file_types import PDF, ZIP, FileType
from ticket_app.core.attachments.scanning import limits
from ticket_app.core.attachments.scanning.office import SIGNATURE as OLE
from ticket_app.core.attachments.scanning.verdicts import ThreatFound

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
ZIP_ENTRY = b"PK\x01\x02"
"""What each entry of an archive's directory begins with."""
SHORTCUT = b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"
_PROGRAMS: tuple[tuple[bytes, str], ...] = (
    (b"\x7fELF", "a Linux program"),
    (b"\xfe\xed\xfa\xce", "a macOS program"),
    (b"\xfe\xed\xfa\xcf", "a macOS program"),
    (b"\xce\xfa\xed\xfe", "a macOS program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a Java class or macOS program"),
    (b"\xca\xfe\xba\xbf", "a macOS program"),
    (b"\xca\xfe\xd0\x0d", "a packed Java class"),
    (b"\0asm", "a WebAssembly program"),
    (b"dex\n03", "an Android program"),
    (SHORTCUT, "a Windows shortcut"),
    (b"ITSF", "a compiled help file"),
    (b"MSCF", "a Windows cabinet"),
)
_DOS_STUB = re.compile(rb"This program (?:cannot|must) be run (?:in DOS mode|under Win)")
_ELF_INSIDE = re.compile(rb"\x7fELF[\x01\x02][\x01\x02]\x01[\0-\x12]")
_OTHER_ARCHIVES = re.compile(rb"Rar!\x1a\x07[\0\x01]|7z\xbc\xaf\x27\x1c\0")
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?"
    rb"<(?:!doctype\s+(?:html|svg)|html|head|body|script|svg|iframe|object|embed)(?=[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_PAGE_INSIDE = re.compile(
    rb"<(?:!doctype\s+html|html|script|iframe|svg)(?=[\s/>])|<\?php\s", re.IGNORECASE
)
_SCRIPT_INSIDE = re.compile(
    rb"<(?:!doctype\s+html|script|iframe)(?=[\s/>])|<\?php\s", re.IGNORECASE
)


def check_test_virus(data: bytes) -> None:
    """Raise `ThreatFound` for the file that every virus scanner must find."""
    if EICAR in data:
        raise ThreatFound("It holds the EICAR test virus.")


def check_program(data: bytes) -> None:
    """Raise `ThreatFound` for a file that an operating system would run."""
    for signature, what in _PROGRAMS:
        if data.startswith(signature):
            raise ThreatFound(f"It is {what}.")
    if data[:2] in (b"MZ", b"ZM") and _is_windows_program(data):
        raise ThreatFound("It is a Windows program.")


def _is_windows_program(data: bytes) -> bool:
    if len(data) < 64:
        return False
    at = int.from_bytes(data[60:64], "little")
    return data[at : at + 2] in (b"PE", b"NE", b"LE", b"LX") or bool(_DOS_STUB.search(data, 0, 512))


def check_disguise(data: bytes, kind: FileType) -> None:
    """Raise `ThreatFound` if the content is, or also is, something else than its type."""
    if data.startswith(OLE):
        raise ThreatFound(f"It is an Office or installer file, not a {kind.label}.")
    if kind.is_text:
        _check_text(data, kind)
        return
    if kind not in (PDF, ZIP) and b"%PDF-" in data[:1024]:
        raise ThreatFound("It is a PDF at the same time.")
    if kind is not ZIP:
        if _ends_as_zip(data):
            raise ThreatFound("It is an archive at the same time.")
        if _OTHER_ARCHIVES.search(data):
            raise ThreatFound("Another archive is hidden in it.")
        if _DOS_STUB.search(data) or _ELF_INSIDE.search(data):
            raise ThreatFound("A program is hidden in it.")
    if kind.family != "document" and (
        _PAGE_INSIDE.search(data, 0, file_types.HEAD_BYTES) or _SCRIPT_INSIDE.search(data)
    ):
        raise ThreatFound("A web page or script is hidden in it.")


def _check_text(data: bytes, kind: FileType) -> None:
    start = data[: file_types.HEAD_BYTES]
    text = start.decode(file_types.encoding_of(start), errors="replace").lstrip("\ufeff").encode()
    if text.startswith(b"#!") and re.match(rb"#!\s*/", text):
        raise ThreatFound(f"It is a script, not a {kind.label}.")
    if _PAGE.match(text):
        raise ThreatFound(f"It is a web page or drawing, not a {kind.label}.")


def _ends_as_zip(data: bytes) -> bool:
    """Return whether an unpacker would find an archive here, reading from the end as they do."""
    if data.count(ZIP_ENTRY) > limits.MAX_ENTRIES:
        return True
    try:
        zipfile.ZipFile(io.BytesIO(data)).close()
    except NotImplementedError:
        return True  # of a newer version
    except (zipfile.BadZipFile, ValueError, OverflowError, struct.error):
        return False
    return True
