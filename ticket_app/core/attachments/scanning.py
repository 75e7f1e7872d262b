"""Whether a stored file is safe to hand out: the built-in scanner, and ClamAV where there is one.

Nothing here decodes pictures or runs anything; all work is bounded by the constants below, and
whatever cannot be judged within them is not clean.
"""

from __future__ import annotations

import re
import socket
import stat
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal, Protocol
from urllib.parse import urlsplit

from ticket_app.core.attachments import file_types
from ticket_app.core.attachments.file_types import PDF, ZIP, FileType

MAX_FILE_BYTES = 64 * 1024 * 1024
"""A larger file is not read into memory, hence not judged; uploads end well below."""
MAX_SECONDS = 20.0
"""The built-in scanner gives up (and says so) after this long."""
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
"""All that may come out of one file, archives within archives included."""
MAX_MEMBER_BYTES = 16 * 1024 * 1024
"""A member up to this size is looked at whole; a larger one only as it streams by."""
MAX_RATIO = 200
"""A member of more than `RATIO_FROM_BYTES` that unpacks to more than this many times itself."""
RATIO_FROM_BYTES = 1024 * 1024
MAX_MEMBERS = 2_000
"""Members of one archive."""
MAX_DEPTH = 3
"""An archive may hold archives so deep."""
MAX_PIXELS = 80_000_000
"""A picture of more pixels fills a browser's memory (320 MB unpacked)."""
MAX_SIDE = 32_767
"""No side of a picture is longer."""
MAX_FRAMES = 5_000
"""Frames of an animated GIF."""
MAX_PARTS = 250_000
"""Chunks, segments or blocks of one picture."""
MAX_PDF_STREAMS = 100_000
"""Streams of one PDF."""
MAX_PDF_ESCAPES = 100_000
"""Escaped letters in names of one PDF."""
CLAMD_SECONDS = 60.0
"""ClamAV must have answered after this long."""
CLAMD_CHUNK_BYTES = 128 * 1024
CLAMD_ANSWER_BYTES = 4096
CHUNK_BYTES = 256 * 1024

Status = Literal["clean", "infected", "failed"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scanner says of a file; `retry` when asking again later may help."""

    status: Status
    reason: str = ""
    retry: bool = False


CLEAN = Verdict("clean")


class Scanner(Protocol):
    """Judges a file; never raises, and says `failed` where it cannot tell."""

    def scan(self, path: Path, filetype: FileType) -> Verdict:
        """The verdict on the file at `path`, which was taken for `filetype`."""
        ...


def scanner_from(clamav_url: str | None) -> Scanner:
    """The scanner the settings ask for: the built-in one, followed by ClamAV if it has an address.

    Raises ValueError if the address is neither `unix:///path` nor `tcp://host:port`.
    """
    return InTurn((BuiltIn(), ClamAV(clamav_url))) if clamav_url else BuiltIn()


@dataclass(frozen=True, slots=True)
class InTurn:
    """Several scanners, the first that objects decides."""

    scanners: tuple[Scanner, ...]

    def scan(self, path: Path, filetype: FileType) -> Verdict:
        """Clean only if every scanner says so."""
        verdicts = (scanner.scan(path, filetype) for scanner in self.scanners)
        return next((verdict for verdict in verdicts if verdict.status != "clean"), CLEAN)


class _Threat(Exception):
    """Found something no one should open."""


class _Unjudged(Exception):
    """Cannot be looked into."""


@dataclass(slots=True)
class _Budget:
    """What one scan may still spend."""

    bytes_left: int = MAX_UNPACKED_BYTES
    ends_at: float = field(default_factory=lambda: time.monotonic() + MAX_SECONDS)

    def spend(self, count: int) -> None:
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise _Threat("It unpacks to far more than a real file would (a decompression bomb).")
        self.check_time()

    def check_time(self) -> None:
        if time.monotonic() > self.ends_at:
            raise _Unjudged("It takes too long to check.")


class BuiltIn:
    """The scanner that is always there: test viruses, disguises, bombs and active content."""

    def scan(self, path: Path, filetype: FileType) -> Verdict:
        """The verdict, within bounded time and memory."""
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                return Verdict("failed", "It is too large to be checked.")
            _examine(path.read_bytes(), filetype, _Budget(), depth=0)
        except _Threat as threat:
            return Verdict("infected", str(threat))
        except _Unjudged as unjudged:
            return Verdict("failed", str(unjudged))
        except OSError:
            return Verdict("failed", "It could not be read.", retry=True)
        except (
            struct.error,
            IndexError,
            ValueError,
            zlib.error,
            MemoryError,
            RecursionError,
        ):
            return Verdict("failed", "It is damaged and cannot be checked.")
        return CLEAN


def _examine(data: bytes, kind: FileType | None, budget: _Budget, depth: int) -> None:
    """Everything there is to say about a file held in memory; `kind` None if it may be anything."""
    budget.check_time()
    _refuse_test_virus(data)
    _refuse_programs(data)
    if kind is not None:
        _refuse_disguise(data, kind)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _examine_zip(data, budget, depth)
    elif data.startswith(b"%PDF-"):
        _examine_pdf(data, budget)
    elif data.startswith(_OLE):
        _examine_ole(data)
    for examine in _PICTURES:
        examine(data)


# Programs and disguises

_EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LINK = b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"
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
    (_LINK, "a Windows shortcut"),
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


def _refuse_test_virus(data: bytes) -> None:
    if _EICAR in data:
        raise _Threat("It holds the EICAR test virus.")


def _refuse_programs(data: bytes) -> None:
    for signature, what in _PROGRAMS:
        if data.startswith(signature):
            raise _Threat(f"It is {what}.")
    if data[:2] in (b"MZ", b"ZM") and _is_windows_program(data):
        raise _Threat("It is a Windows program.")


def _is_windows_program(data: bytes) -> bool:
    if len(data) < 64:
        return False
    at = int.from_bytes(data[60:64], "little")
    return data[at : at + 2] in (b"PE", b"NE", b"LE", b"LX") or bool(_DOS_STUB.search(data, 0, 512))


def _refuse_disguise(data: bytes, kind: FileType) -> None:
    """Refuses content that is, or also is, something else than its type."""
    if data.startswith(_OLE):
        raise _Threat(f"It is an Office or installer file, not a {kind.label}.")
    if kind.is_text:
        _refuse_page_as_text(data, kind)
        return
    if kind not in (PDF, ZIP) and b"%PDF-" in data[:1024]:
        raise _Threat("It is a PDF at the same time.")
    if kind is not ZIP:
        if _ends_as_zip(data):
            raise _Threat("It is an archive at the same time.")
        if _OTHER_ARCHIVES.search(data):
            raise _Threat("Another archive is hidden in it.")
        if _DOS_STUB.search(data) or _ELF_INSIDE.search(data):
            raise _Threat("A program is hidden in it.")
    if kind.family != "document" and (
        _PAGE_INSIDE.search(data, 0, file_types.HEAD_BYTES) or _SCRIPT_INSIDE.search(data)
    ):
        raise _Threat("A web page or script is hidden in it.")


def _refuse_page_as_text(data: bytes, kind: FileType) -> None:
    start = data[: file_types.HEAD_BYTES]
    text = start.decode(file_types.encoding_of(start), errors="replace").lstrip("\ufeff").encode()
    if text.startswith(b"#!") and re.match(rb"#!\s*/", text):
        raise _Threat(f"It is a script, not a {kind.label}.")
    if _PAGE.match(text):
        raise _Threat(f"It is a web page or drawing, not a {kind.label}.")


def _ends_as_zip(data: bytes) -> bool:
    """Whether an unzipper would find an archive here, reading from the end as they do."""
    at = len(data)
    floor = max(0, len(data) - _END.size - 0xFFFF)
    while (at := data.rfind(b"PK\x05\x06", floor, at)) >= 0:
        if at + _END.size <= len(data):
            size, offset = _END.unpack_from(data, at)[5:7]
            start = at - size
            if offset <= start and (size == 0 or data[max(start, 0) :][:4] == b"PK\x01\x02"):
                return True
    return False


_MSI = bytes.fromhex("84100c0000000000c000000000000046")


def _examine_ole(data: bytes) -> None:
    if _MSI in data:
        raise _Threat("It is a Windows installer.")
    if any(name.encode("utf-16-le") in data for name in ("_VBA_PROJECT", "Macros", "VBA\0")):
        raise _Threat("It is an Office file with macros.")
    if "Ole10Native".encode("utf-16-le") in data:
        raise _Threat("It is an Office file with a program packed into it.")


# Archives

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_DESCRIPTOR = 0x8
_ZIP64, _UNICODE_NAME = 0x0001, 0x7075
_DESCRIPTOR_BYTES = 24
_HIDING = re.compile("[\u202a-\u202e\u2066-\u2069\0-\x1f]")
_RUNS_ON_OPENING = frozenset(
    [
        "scr",
        "pif",
        "lnk",
        "hta",
        "vbe",
        "jse",
        "wsf",
        "wsh",
        "scf",
        "chm",
        "msi",
        "msp",
        "cpl",
    ]
)
_MACRO_NAMES = re.compile(
    r"(?:^|/)(?:vba(?:project|data)[^/]*|macrosheets/.*|activex/.*\.bin)$",
    re.IGNORECASE,
)
_REMOTE_TEMPLATE = re.compile(
    rb"<Relationship\b(?=[^>]*/(?:attachedTemplate|oleObject|frame)\")(?=[^>]*TargetMode\s*=\s*\"External\")",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    raw_name: bytes
    flags: int
    method: int
    checksum: int
    packed: int
    unpacked: int
    offset: int
    mode: int


def _examine_zip(data: bytes, budget: _Budget, depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise _Threat("Archives are nested too deep in it.")
    members, directory = _directory(data)
    names = [member.name for member in members]
    if len(set(names)) != len(names):
        raise _Threat("Two members of the archive have the same name.")
    for member in members:
        _refuse_member(member)
    end = 0
    for member in sorted(members, key=lambda member: member.offset):
        content = _content_span(data, member, directory)
        if member.offset < end:
            raise _Threat("Members of the archive overlap (a decompression bomb).")
        _refuse_hidden(data[end : member.offset])
        end = content[1]
        _examine_member(data, content, member, budget, depth)
    _refuse_hidden(data[end:directory])


def _refuse_hidden(gap: bytes) -> None:
    """Between members there is room for the sizes of a streamed member and for zeros, no more."""
    if len(gap) > _DESCRIPTOR_BYTES and gap.strip(b"\0"):
        raise _Threat("Data is hidden between the members of the archive.")


def _directory(data: bytes) -> tuple[list[_Member], int]:
    """The archive's members and where its directory starts."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - _END.size - 0xFFFF))
    if at < 0 or at + _END.size > len(data):
        raise _Unjudged("The archive is damaged.")
    _, disk, first_disk, here, count, size, offset, comment = _END.unpack_from(data, at)
    if at + _END.size + comment != len(data):
        raise _Threat("Something is hidden behind the archive.")
    if disk or first_disk or here != count or 0xFFFF in (here, count):
        raise _Unjudged("The archive has several parts or an unusual directory.")
    if count > MAX_MEMBERS:
        raise _Threat(f"The archive has more than {MAX_MEMBERS} members.")
    if offset + size != at:
        raise _Threat("The archive has something in front of it or behind its directory.")
    members, place = [], offset
    for _ in range(count):
        member, place = _entry(data, place, at)
        members.append(member)
    if place != at:
        raise _Threat("The archive's directory lies about the number of its members.")
    return members, offset


def _entry(data: bytes, at: int, end: int) -> tuple[_Member, int]:
    if at + _ENTRY.size > end or data[at : at + 4] != b"PK\x01\x02":
        raise _Unjudged("The archive's directory is damaged.")
    (_, _, _, flags, method, _, _, checksum, packed, unpacked, *rest) = _ENTRY.unpack_from(data, at)
    name_length, extra_length, comment_length, _, _, attributes, offset = rest
    name_at = at + _ENTRY.size
    raw = data[name_at : name_at + name_length]
    extra = data[name_at + name_length : name_at + name_length + extra_length]
    fields = _extra_fields(extra)
    unpacked, packed, offset = _long_sizes([unpacked, packed, offset], fields.get(_ZIP64, b""))
    name = raw.decode("utf-8" if flags & 0x800 else "cp437", errors="replace")
    if _UNICODE_NAME in fields:
        name = fields[_UNICODE_NAME][5:].decode(errors="replace")
    mode = (attributes >> 16) & 0xFFFF
    member = _Member(name, raw, flags, method, checksum, packed, unpacked, offset, mode)
    return member, name_at + name_length + extra_length + comment_length


def _extra_fields(extra: bytes) -> dict[int, bytes]:
    fields: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, at)
        fields.setdefault(tag, extra[at + 4 : at + 4 + length])
        at += 4 + length
    return fields


def _long_sizes(sizes: list[int], field: bytes) -> list[int]:
    """The sizes, taken from the zip64 field where the short ones say that they do not fit."""
    numbers = iter(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
    return [next(numbers, size) if size == 0xFFFFFFFF else size for size in sizes]


def _refuse_member(member: _Member) -> None:
    path = member.name.replace("\\", "/")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in PurePosixPath(path).parts:
        raise _Threat("A member of the archive would be unpacked outside of its folder.")
    if _HIDING.search(member.name):
        raise _Threat("A member of the archive hides its true name.")
    if stat.S_ISLNK(member.mode):
        raise _Threat("The archive holds a symbolic link.")
    if stat.S_IFMT(member.mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _Threat("The archive holds a device.")
    if member.flags & _ENCRYPTED or member.method == 99:
        raise _Unjudged("The archive is locked with a password, so it cannot be checked.")
    if member.method not in (_STORED, _DEFLATED):
        raise _Unjudged("The archive is packed in a way that cannot be checked.")
    if _MACRO_NAMES.search(path):
        raise _Threat("It holds an Office file with macros.")
    if path.rpartition(".")[2].lower().rstrip(". ") in _RUNS_ON_OPENING:
        raise _Threat("The archive holds a file that runs when it is opened.")
    if member.unpacked > RATIO_FROM_BYTES and member.unpacked > MAX_RATIO * max(member.packed, 1):
        raise _Threat("A member is packed more tightly than a real file (a decompression bomb).")


def _content_span(data: bytes, member: _Member, directory: int) -> tuple[int, int]:
    """Where a member's packed bytes start and end, if its own header agrees with the directory."""
    at = member.offset
    if at + _LOCAL.size > directory or data[at : at + 4] != b"PK\x03\x04":
        raise _Threat("The archive's directory lies about where its members are.")
    _, _, flags, method, _, _, checksum, packed, unpacked, named, extra = _LOCAL.unpack_from(
        data, at
    )
    name_at = at + _LOCAL.size
    name = data[name_at : name_at + named]
    sizes = (checksum, packed, unpacked)
    told = (member.checksum, member.packed, member.unpacked)
    agree = all(
        here in (there, 0xFFFFFFFF) or (flags & _DESCRIPTOR and here == 0)
        for here, there in zip(sizes, told, strict=True)
    )
    if name != member.raw_name or method != member.method or flags & _ENCRYPTED or not agree:
        raise _Threat("A member of the archive contradicts the archive's directory.")
    start = name_at + named + extra
    if start + member.packed > directory:
        raise _Threat("The archive's directory lies about the size of its members.")
    return start, start + member.packed


def _examine_member(
    data: bytes, span: tuple[int, int], member: _Member, budget: _Budget, depth: int
) -> None:
    whole = bytearray()
    tail = b""
    size = checksum = 0
    for chunk in _unpacked(data, span, member, budget):
        checksum = zlib.crc32(chunk, checksum)
        size += len(chunk)
        if size <= MAX_MEMBER_BYTES:
            whole += chunk
        _refuse_test_virus(tail + chunk)
        tail = chunk[-len(_EICAR) :]
    if size != member.unpacked:
        raise _Threat("A member of the archive is not as large as it says.")
    if checksum != member.checksum:
        raise _Unjudged("The archive is damaged.")
    content = bytes(whole)
    if size > MAX_MEMBER_BYTES:
        _refuse_programs(content)
        if content.startswith((b"PK\x03\x04", b"%PDF-", _OLE)):
            raise _Unjudged("A member of the archive is too large to be checked.")
        return
    kind = file_types.BY_EXTENSION.get(PurePosixPath(member.name).suffix[1:].lower())
    _examine(content, kind, budget, depth + 1)
    if member.name.lower().endswith(".rels") and _REMOTE_TEMPLATE.search(content):
        raise _Threat("It holds an Office file that loads a template from elsewhere.")


def _unpacked(
    data: bytes, span: tuple[int, int], member: _Member, budget: _Budget
) -> Iterator[bytes]:
    """A member's content piece by piece, no further than it says it goes."""
    left = member.unpacked
    packed = memoryview(data)[span[0] : span[1]]
    pieces = (
        (bytes(packed[at : at + CHUNK_BYTES]) for at in range(0, len(packed), CHUNK_BYTES))
        if member.method == _STORED
        else _inflated(packed)
    )
    for piece in pieces:
        budget.spend(len(piece))
        left -= len(piece)
        if left < 0:
            raise _Threat("A member of the archive is larger than it says (a decompression bomb).")
        yield piece


def _inflated(packed: memoryview) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-15)
    at = 0
    pending = b""
    while not inflater.eof:
        if not pending:
            pending = bytes(packed[at : at + CHUNK_BYTES])
            at += len(pending)
        piece = inflater.decompress(pending, CHUNK_BYTES)
        exhausted = not pending
        pending = inflater.unconsumed_tail
        if piece:
            yield piece
        elif exhausted:
            raise _Unjudged("The archive is damaged.")
    if inflater.unused_data or at < len(packed):
        raise _Threat("Data is hidden behind a member of the archive.")


# PDF

_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAME_END = rb"(?![A-Za-z0-9._#-])"
_ACTIVE_NAMES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(rb"/(?:" + names + rb")" + _NAME_END), what)
    for names, what in (
        (rb"JavaScript", "JavaScript"),
        (rb"Launch", "a command that starts a program"),
        (rb"EmbeddedFiles?", "other files packed into it"),
        (rb"RichMedia\w{0,20}", "active media"),
    )
)
_SCRIPT_KEY = re.compile(rb"/JS\s{0,64}(?:\(|<|\d{1,10}\s{1,64}\d{1,5}\s{1,64}R)")
_SCRIPT_IN_FORM = b"application/x-javascript"
_ENCRYPT = re.compile(rb"/Encrypt" + _NAME_END)
_OBJECT_STREAM = re.compile(rb"/ObjStm" + _NAME_END)
_OTHER_FILTER = re.compile(
    rb"/(?:ASCIIHexDecode|AHx|ASCII85Decode|A85|LZWDecode|LZW|RunLengthDecode|RL|Crypt)" + _NAME_END
)
_PREDICTOR = re.compile(rb"/Predictor\s{0,64}(?:[2-9]|1\d)")
_LOOKS_LIKE_OBJECTS = re.compile(rb"\s{0,64}\d{1,10}\s{1,64}\d{1,10}\s")
_DICTIONARY_BYTES = 2048
_PROBE_BYTES = 4096


def _examine_pdf(data: bytes, budget: _Budget) -> None:
    """Looks for active content in the objects, also in those packed into object streams."""
    plain = _spelled_out(data)
    _refuse_active(plain)
    outside: list[bytes] = []
    end = 0
    packed_objects = False
    for count, mark in enumerate(_STREAM.finditer(data)):
        if count >= MAX_PDF_STREAMS:
            raise _Threat("The PDF has more streams than a real one.")
        if not count % 256:
            budget.check_time()
        start = mark.end()
        dictionary = _spelled_out(data[max(end, start - _DICTIONARY_BYTES) : start])
        declared = _OBJECT_STREAM.search(dictionary) is not None
        packed_objects |= declared
        _examine_stream(data, start, dictionary if declared else None, budget)
        if start > end:
            outside.append(data[end:start])
            stop = data.find(b"endstream", start)
            end = len(data) if stop < 0 else stop
    outside.append(data[end:])
    if _SCRIPT_KEY.search(_spelled_out(b"\n".join(outside))):
        raise _Threat("The PDF holds JavaScript.")
    if packed_objects and _ENCRYPT.search(plain):
        raise _Unjudged("The PDF is locked with a password, so it cannot be checked.")


def _spelled_out(data: bytes) -> bytes:
    """PDF bytes with the `#xx` of names replaced by what they stand for."""
    plain, count = _NAME_ESCAPE.subn(
        lambda escape: bytes((int(escape[1], 16),)), data, count=MAX_PDF_ESCAPES
    )
    if count == MAX_PDF_ESCAPES:
        raise _Threat("The PDF has more escaped names than a real one.")
    return plain


def _refuse_active(plain: bytes) -> None:
    for pattern, what in _ACTIVE_NAMES:
        if pattern.search(plain):
            raise _Threat(f"The PDF holds {what}.")


def _examine_stream(data: bytes, start: int, dictionary: bytes | None, budget: _Budget) -> None:
    """Unpacks a stream that is, or looks like, an object stream; `dictionary` if it says so."""
    if dictionary is not None:
        if _OTHER_FILTER.search(dictionary) or _PREDICTOR.search(dictionary):
            raise _Threat("The PDF hides its objects in an unusual way.")
        if b"/Fl" not in dictionary:
            return
    elif not _is_zlib(data, start):
        return
    inflater = zlib.decompressobj()
    view = memoryview(data)
    try:
        content = inflater.decompress(view[start : start + _PROBE_BYTES], _PROBE_BYTES)
        if dictionary is None and not _LOOKS_LIKE_OBJECTS.match(content):
            return
        inflater = zlib.decompressobj()
        content = inflater.decompress(view[start:], MAX_MEMBER_BYTES)
    except zlib.error:
        if dictionary is None or _ENCRYPT.search(data):
            return
        raise _Unjudged("The PDF is damaged and cannot be checked.") from None
    budget.spend(len(content))
    if not inflater.eof and len(content) >= MAX_MEMBER_BYTES:
        raise _Threat("The PDF unpacks to far more than a real one (a decompression bomb).")
    plain = _spelled_out(content)
    _refuse_active(plain)
    if _SCRIPT_KEY.search(plain) or _SCRIPT_IN_FORM in plain:
        raise _Threat("The PDF holds JavaScript.")
    _refuse_test_virus(content)


def _is_zlib(data: bytes, at: int) -> bool:
    return data[at : at + 1] in b"\x08\x18\x28\x38\x48\x58\x68\x78" and (
        int.from_bytes(data[at : at + 2], "big") % 31 == 0
    )


# Pictures


def _refuse_size(width: int, height: int) -> None:
    if width > MAX_SIDE or height > MAX_SIDE or width * height > MAX_PIXELS:
        raise _Threat(f"The picture is {width} by {height} pixels, more than can be shown.")


def _refuse_parts(count: int) -> None:
    if count > MAX_PARTS:
        raise _Threat("The picture has more parts than a real one.")


def _examine_png(data: bytes) -> None:
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return
    at, count = 8, 0
    while at + 8 <= len(data):
        count += 1
        _refuse_parts(count)
        length = int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        if name == b"IHDR":
            _refuse_size(*struct.unpack_from(">2L", data, at + 8))
        elif name == b"IEND":
            return
        at += 12 + length


_WITHOUT_LENGTH = frozenset([0x01, *range(0xD0, 0xD9)])
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def _examine_jpeg(data: bytes) -> None:
    if data[:3] != b"\xff\xd8\xff":
        return
    at, count = 2, 0
    while (at := data.find(b"\xff", at)) >= 0 and at + 4 <= len(data):
        count += 1
        _refuse_parts(count)
        marker = data[at + 1]
        if marker in (0xD9, 0xDA):
            return
        if marker in _FRAME_HEADERS:
            height, width = struct.unpack_from(">2H", data, at + 5)
            _refuse_size(width, height)
        if marker in _WITHOUT_LENGTH or marker in (0x00, 0xFF):
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")


def _examine_gif(data: bytes) -> None:
    if data[:6] not in (b"GIF87a", b"GIF89a") or len(data) < 13:
        return
    _refuse_size(*struct.unpack_from("<2H", data, 6))
    at = 13 + _colours(data[10])
    count = frames = 0
    while at < len(data) and data[at] != 0x3B:
        if data[at] == 0x2C:
            frames += 1
            if frames > MAX_FRAMES:
                raise _Threat("The animation has more frames than a real one.")
            if at + 10 > len(data):
                return
            _refuse_size(*struct.unpack_from("<2H", data, at + 5))
            at += 11 + _colours(data[at + 9])
        elif data[at] == 0x21:
            at += 2
        else:
            return
        while at < len(data) and data[at]:
            count += 1
            _refuse_parts(count)
            at += 1 + data[at]
        at += 1


def _colours(flags: int) -> int:
    """The bytes of a GIF's colour table."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _examine_webp(data: bytes) -> None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return
    kind = data[12:16]
    if kind == b"VP8X":
        width = 1 + int.from_bytes(data[24:27], "little")
        _refuse_size(width, 1 + int.from_bytes(data[27:30], "little"))
    elif kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        _refuse_size(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    elif kind == b"VP8 ":
        width, height = struct.unpack_from("<2H", data, 26)
        _refuse_size(width & 0x3FFF, height & 0x3FFF)


_PICTURES: tuple[Callable[[bytes], None], ...] = (
    _examine_png,
    _examine_jpeg,
    _examine_gif,
    _examine_webp,
)


# ClamAV


@dataclass(frozen=True, slots=True)
class ClamAV:
    """The ClamAV daemon behind `unix:///path` or `tcp://host:port`; away or unsure is `failed`."""

    address: str
    seconds: float = CLAMD_SECONDS

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        if not (
            (parts.scheme == "unix" and parts.path)
            or (parts.scheme == "tcp" and parts.hostname and parts.port)
        ):
            raise ValueError("The address of ClamAV must be unix:///path or tcp://host:port")

    def scan(self, path: Path, filetype: FileType) -> Verdict:
        """What ClamAV says of the file's bytes."""
        try:
            answer = self._ask(path)
        except OSError:
            return Verdict("failed", "The virus scanner cannot be reached.", retry=True)
        if answer == "stream: OK":
            return CLEAN
        if found := re.fullmatch(r"stream: (.{1,200}) FOUND", answer):
            return Verdict("infected", f"ClamAV found {found[1]}.")
        return Verdict("failed", "The virus scanner could not check it.", retry=True)

    def _ask(self, path: Path) -> str:
        """The daemon's one line on the file, sent as INSTREAM. Raises OSError."""
        ends_at = time.monotonic() + self.seconds
        with path.open("rb") as file, self._connected(ends_at) as clamd:
            try:
                self._send(clamd, b"zINSTREAM\0", ends_at)
                while chunk := file.read(CLAMD_CHUNK_BYTES):
                    self._send(clamd, struct.pack(">L", len(chunk)) + chunk, ends_at)
                self._send(clamd, struct.pack(">L", 0), ends_at)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it hangs up on what is too large for it, and its answer says so
            answer = b""
            while len(answer) < CLAMD_ANSWER_BYTES and not answer.endswith(b"\0"):
                clamd.settimeout(_left(ends_at))
                part = clamd.recv(CLAMD_ANSWER_BYTES)
                if not part:
                    break
                answer += part
        return answer.rstrip(b"\0\n").decode(errors="replace")

    def _connected(self, ends_at: float) -> socket.socket:
        parts = urlsplit(self.address)
        if parts.scheme == "tcp":
            return socket.create_connection(
                (parts.hostname or "", parts.port or 0), timeout=_left(ends_at)
            )
        clamd = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            clamd.settimeout(_left(ends_at))
            clamd.connect(parts.path)
        except OSError:
            clamd.close()
            raise
        return clamd

    @staticmethod
    def _send(clamd: socket.socket, data: bytes, ends_at: float) -> None:
        clamd.settimeout(_left(ends_at))
        clamd.sendall(data)


def _left(ends_at: float) -> float:
    """The seconds until then. Raises TimeoutError when there are none."""
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError("The virus scanner takes too long")
    return left
