"""Small files of every kind, made in code: honest ones, and parts of dishonest ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

EICAR = b"X5O!P%@AP[4" + b"\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
ELF = b"\x7fELF\x02\x01\x01" + bytes(57)
PE = (
    b"MZ" + bytes(58) + struct.pack("<L", 128) + b"This program cannot be run in DOS mode".ljust(64)
) + b"PE\0\0\x64\x86"


def png(width: int = 1, height: int = 1, extra: bytes = b"") -> bytes:
    """A PNG of one colour; the header may lie about its size."""

    def chunk(name: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">L", zlib.crc32(name + content))
        return struct.pack(">L", len(content)) + name + content + checksum

    header = struct.pack(">2L5B", width, height, 8, 0, 0, 0, 0)
    text = chunk(b"tEXt", extra) if extra else b""
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + text + pixels + chunk(b"IEND", b"")


def jpeg(width: int = 1, height: int = 1) -> bytes:
    """The frame of a JPEG."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0"
    return (
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
        b"\xff\xc0"
        + struct.pack(">H", len(frame) + 2)
        + frame
        + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\x7f\xff\xd9"
    )


def gif(width: int = 1, height: int = 1, frames: int = 1) -> bytes:
    """A GIF of so many equal frames."""
    frame = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"
    head = b"GIF89a" + struct.pack("<2H", width, height) + b"\x80\0\0" + bytes(6)
    return head + frame * frames + b";"


def webp(width: int = 1, height: int = 1) -> bytes:
    """An extended WebP of one pixel; the header may lie about its size."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    pixel = bytes.fromhex("2f00000010071011118888fe07")
    content = (
        b"WEBPVP8X"
        + struct.pack("<L", 10)
        + bytes(4)
        + size
        + b"VP8L"
        + struct.pack("<L", len(pixel))
        + pixel
        + b"\0"
    )
    return b"RIFF" + struct.pack("<L", len(content)) + content


MP4 = struct.pack(">L", 24) + b"ftypisom\0\0\2\0isommp42" + struct.pack(">L", 8) + b"mdat"
MOV = struct.pack(">L", 20) + b"ftypqt  \0\0\2\0qt  "
HEIC = struct.pack(">L", 24) + b"ftypheic\0\0\0\0mif1heic"


def ebml(doctype: bytes) -> bytes:
    """The header of a Matroska family file."""
    content = b"\x42\x86\x81\x01\x42\x82" + bytes([0x80 | len(doctype)]) + doctype
    return b"\x1a\x45\xdf\xa3" + bytes([0x80 | len(content)]) + content


def pdf(*objects: bytes) -> bytes:
    """A PDF of one page and these objects, numbered from 4."""
    document = b"%PDF-1.7\n"
    places = []
    fixed = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
    )
    for number, content in enumerate((*fixed, *objects), 1):
        places.append(b"%010d 00000 n \n" % len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + b"".join(places)
    trailer = b"trailer\n<< /Root 1 0 R /Size %d >>\n" % (len(places) + 1)
    return document + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(document)


def pdf_stream(content: bytes, entries: bytes = b"") -> bytes:
    """A Flate-compressed stream object."""
    packed = zlib.compress(content)
    head = b"<< /Length %d /Filter /FlateDecode %s >>" % (len(packed), entries)
    return head + b"\nstream\n" + packed + b"\nendstream"


def ole(*names: str, class_id: bytes = bytes(16)) -> bytes:
    """An OLE container whose root holds empty streams of these names."""

    def entry(name: str, kind: int, right: int, child: int, clsid: bytes) -> bytes:
        written = (name + "\0").encode("utf-16-le")
        links = struct.pack("<3L", 0xFFFFFFFF, right, child)
        head = written.ljust(64, b"\0") + struct.pack("<HBB", len(written), kind, 1)
        return head + links + clsid + bytes(20) + struct.pack("<LQ", 0xFFFFFFFE, 0)

    nowhere = 0xFFFFFFFF
    entries = entry("Root Entry", 5, nowhere, 1 if names else nowhere, class_id)
    for number, name in enumerate(names, 1):
        right = number + 1 if number < len(names) else nowhere
        entries += entry(name, 2, right, nowhere, bytes(16))
    directory = entries.ljust(512, b"\0")
    table = struct.pack("<128L", 0xFFFFFFFD, 0xFFFFFFFE, *[nowhere] * 126)
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack(
        "<5H6x9L", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    return header + struct.pack("<109L", 0, *[nowhere] * 108) + table + directory


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these members."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return archive.getvalue()


HONEST: dict[str, bytes] = {
    "shot.png": png(),
    "photo.jpg": jpeg(),
    "photo.JPEG": jpeg(),
    "loop.gif": gif(frames=3),
    "picture.webp": webp(),
    "clip.mp4": MP4,
    "clip.webm": ebml(b"webm"),
    "report.pdf": pdf(b"<< /Producer (x) >>", pdf_stream(b"BT (hi) Tj ET")),
    "notes.txt": "Grüße, it broke at 10:00\r\n".encode(),
    "terminal.log": b"\x1b[31mERROR\x1b[0m failed\x07\n",
    "readme.md": b"# It broke\n\n<b>bold</b>\n",
    "legacy.txt": "Müller".encode("latin-1"),
    "utf16.txt": "Grüße".encode("utf-16"),
    "table.csv": b"a,b\n1,=2\n",
    "data.json": b'{"a": [1, 2.5, null]}',
    "bom.json": b"\xef\xbb\xbf[1]",
    "files.zip": zipped({"a/b.txt": b"hello", "c.png": png(), "run.sh": b"#!/bin/sh\necho\n"}),
    "stored.zip": zipped({"a.pdf": pdf(b"<< >>")}, zipfile.ZIP_STORED),
    "empty.zip": zipped({}),
}
