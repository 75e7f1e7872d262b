"""ZIP archives: bombs, tricks and contradictions, and the contents of their members.

`zipfile` reads the directory. Unpackers disagree about archives that contradict themselves, so
those are rejected: what one of them would unpack, another one would not have shown to the scanner.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from ticket_app.core.attachments.scanning import limits
from ticket_app.core.attachments.scanning.limits import Budget
from ticket_app.core.attachments.scanning.signatures import EICAR, ZIP_ENTRY, check_test_virus
from ticket_app.core.attachments.scanning.verdicts import CannotCheck, ThreatFound

MEMBER, END = b"PK\x03\x04", b"PK\x05\x06"
"""What a member and the end of the directory begin with."""
SIGNATURES = (MEMBER, END)
_END_BYTES = 22
_LOCAL_HEADER = struct.Struct("<4s2x2H4x3L2H")
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_SIZES_FOLLOW = 0x8
_SIZES_BYTES = 24
"""Sizes that follow the content of a streamed member take at most this much room."""
_UNICODE_PATH = 0x7075
_IN_ZIP64_FIELD = 0xFFFFFFFF
_HIDING = re.compile("[\u202a-\u202e\u2066-\u2069\0-\x1f]")
_RUNS_ON_OPENING = re.compile(
    r"\.(?:scr|pif|lnk|hta|vbe|jse|wsf|wsh|scf|chm|msi|msp|cpl)[. ]*\Z", re.IGNORECASE
)
_MACRO_NAMES = re.compile(
    r"(?:^|/)(?:vba(?:project|data)[^/]*|macrosheets/.*|activex/.*\.bin)$", re.IGNORECASE
)
_REMOTE_TEMPLATE = re.compile(
    rb"<Relationship\b(?=[^>]*/(?:attachedTemplate|oleObject|frame)\")"
    rb"(?=[^>]*TargetMode\s*=\s*\"External\")",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A member's name and its content, or the first `MAX_MEMBER_BYTES` of it."""

    name: str
    content: bytes
    is_whole: bool


def check_and_yield_members(data: bytes, budget: Budget) -> Iterator[Member]:
    """Check an archive and yield its members. Raises `ThreatFound`, `CannotCheck`, `BadZipFile`."""
    if data.count(ZIP_ENTRY) > limits.MAX_ENTRIES:
        raise ThreatFound("The archive has more members than a real one.")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
        directory_at = archive.start_dir
        end_at = len(data) - _END_BYTES - len(archive.comment)
    if data[end_at : end_at + 4] != END:
        raise ThreatFound("Something is hidden behind the archive.")
    if (infos[0].header_offset if infos else directory_at) != 0:
        raise ThreatFound("Something is hidden in front of the archive.")
    if len(infos) > limits.MAX_MEMBERS:
        raise ThreatFound(f"The archive has more than {limits.MAX_MEMBERS} members.")
    if len({info.filename for info in infos}) != len(infos):
        raise ThreatFound("Two members of the archive have the same name.")
    for info in infos:
        _check_entry(info)
    end = 0
    for info in infos:
        if info.header_offset < end:
            raise ThreatFound("Members of the archive overlap (a decompression bomb).")
        _check_gap(data[end : info.header_offset])
        start = _content_start(data, info)
        end = start + info.compress_size
        if end > directory_at:
            raise ThreatFound("The archive's directory is wrong about the size of its members.")
        yield _read(data[start:end], info, budget)
    _check_gap(data[end:directory_at])


def _check_entry(info: zipfile.ZipInfo) -> None:
    """Reject a dangerous member by its directory entry."""
    for name in (info.orig_filename, _unicode_path(info.extra)):
        path = name.replace("\\", "/")
        if path.startswith("/") or re.match("[A-Za-z]:", path) or ".." in PurePosixPath(path).parts:
            raise ThreatFound("A member of the archive would be unpacked outside of its folder.")
        if _HIDING.search(name):
            raise ThreatFound("A member of the archive hides its true name.")
        if _MACRO_NAMES.search(path):
            raise ThreatFound("It holds an Office file with macros.")
        if _RUNS_ON_OPENING.search(path):
            raise ThreatFound("The archive holds a file that runs when it is opened.")
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ThreatFound("The archive holds a symbolic link or a device.")
    if info.flag_bits & _ENCRYPTED or info.compress_type == 99:
        raise CannotCheck("The archive is locked with a password, so it cannot be checked.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise CannotCheck("The archive is packed in a way that cannot be checked.")
    if info.file_size > max(limits.RATIO_FROM_BYTES, limits.MAX_RATIO * info.compress_size):
        raise ThreatFound("A member is packed too tightly to be real (a decompression bomb).")


def _unicode_path(extra: bytes) -> str:
    """Return the name that some unpackers prefer to the member's own."""
    while len(extra) >= 4:
        tag, length = struct.unpack_from("<2H", extra)
        if tag == _UNICODE_PATH:
            return extra[9 : 4 + length].decode(errors="replace")
        extra = extra[4 + length :]
    return ""


def _check_gap(gap: bytes) -> None:
    """Reject data between members, besides zeros and the sizes of a streamed member."""
    if len(gap) > _SIZES_BYTES and gap.strip(b"\0"):
        raise ThreatFound("Data is hidden between the members of the archive.")


def _content_start(data: bytes, info: zipfile.ZipInfo) -> int:
    """Return where a member's content starts, if its own header agrees with the directory."""
    signature, flags, method, *sizes, name_length, extra_length = _LOCAL_HEADER.unpack_from(
        data, info.header_offset
    )
    name_at = info.header_offset + _LOCAL_HEADER.size
    name = data[name_at : name_at + name_length].decode("utf-8" if flags & 0x800 else "cp437")
    expected = (info.CRC, info.compress_size, info.file_size)
    agree = all(
        size in (here, _IN_ZIP64_FIELD) or (flags & _SIZES_FOLLOW and size == 0)
        for size, here in zip(sizes, expected, strict=True)
    )
    here = (signature, name, method, bool(flags & _ENCRYPTED))
    if here != (MEMBER, info.orig_filename, info.compress_type, False) or not agree:
        raise ThreatFound("A member of the archive contradicts the archive's directory.")
    return name_at + name_length + extra_length


def _read(packed: bytes, info: zipfile.ZipInfo, budget: Budget) -> Member:
    """Unpack a member up to its declared size."""
    content = tail = b""
    size = checksum = 0
    for piece in [packed] if info.compress_type == zipfile.ZIP_STORED else _inflate(packed):
        budget.spend(len(piece))
        size += len(piece)
        if size > info.file_size:
            raise ThreatFound("A member is larger than it says (a decompression bomb).")
        content += piece[: limits.MAX_MEMBER_BYTES - len(content)]
        check_test_virus(tail + piece)
        tail = piece[-len(EICAR) :]
        checksum = zlib.crc32(piece, checksum)
    if size != info.file_size:
        raise ThreatFound("A member of the archive is not as large as it says.")
    if checksum != info.CRC:
        raise CannotCheck("The archive is damaged.")
    if info.filename.lower().endswith(".rels") and _REMOTE_TEMPLATE.search(content):
        raise ThreatFound("It holds an Office file that loads a template from elsewhere.")
    return Member(info.filename, content, size <= limits.MAX_MEMBER_BYTES)


def _inflate(packed: bytes) -> Iterator[bytes]:
    """Yield a deflated member's content. `zipfile` does not report data hidden behind its end."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    pending = packed
    while not inflater.eof:
        piece = inflater.decompress(pending, limits.CHUNK_BYTES)
        pending = inflater.unconsumed_tail
        if not (piece or inflater.eof):
            raise CannotCheck("The archive is damaged.")
        yield piece
    if inflater.unused_data:
        raise ThreatFound("Data is hidden behind a member of the archive.")
