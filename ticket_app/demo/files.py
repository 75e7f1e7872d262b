"""Files of the demo desk, made by code: small, real, and the same for the same seed."""

from __future__ import annotations

import csv
import io
import struct
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import orjson

from ticket_app.demo.texts import FileKind

WIDTH, HEIGHT = 480, 300
PALETTE = bytes.fromhex("eef1f5 ffffff 2f3b52 c9d1dd d64545 23304a 8fa0b8 3b7ddd".replace(" ", ""))
DESK, PAPER, BAR, LINE, ALARM, INK, PALE, BUTTON = range(8)

SHAPES = """
25755 65656 34443 65556 74647 74644 34553 55755 72227 11152 55655 44447 57755 65555 25552 65644
25563 65655 34216 72222 55557 55552 55775 55255 55222 71247 75557 26227 61247 61216 55711 74616
34757 71222 75757 75716 00002 02020 00700 11244 22202 12221 42224 00007 51245 22000
"""
LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-/!()_%'", SHAPES.split(), strict=True))
"""Letters of three by five dots: each digit is a row, its bits are dots."""


class Canvas:
    """A picture with few colours."""

    def __init__(self) -> None:
        self.rows = [bytearray([DESK]) * WIDTH for _ in range(HEIGHT)]

    def box(self, x: int, y: int, width: int, height: int, colour: int) -> None:
        """Fill a rectangle."""
        for row in self.rows[y : y + height]:
            row[x : x + width] = bytes([colour]) * width

    def write(self, x: int, y: int, text: str, colour: int, dot: int = 2) -> None:
        """Write a line of capitals."""
        for n, letter in enumerate(text.upper()):
            for down, row in enumerate(LETTERS.get(letter, "00000")):
                for across in range(3):
                    if int(row) >> (2 - across) & 1:
                        left = x + (4 * n + across) * dot
                        if left + dot <= WIDTH:
                            self.box(left, y + down * dot, dot, dot, colour)

    def png(self) -> bytes:
        """The picture as a PNG file."""
        pixels = b"".join(b"\0" + row for row in self.rows)
        header = struct.pack(">2I5B", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
        parts = (
            (b"IHDR", header),
            (b"PLTE", PALETTE),
            (b"IDAT", zlib.compress(pixels, 9)),
            (b"IEND", b""),
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
            for name, data in parts
        )


def screenshot(dice: Random, caption: str, _at: datetime) -> bytes:
    """A window of an app with an error in front of it."""
    canvas = Canvas()
    canvas.box(0, 0, WIDTH, 22, BAR)
    canvas.write(10, 6, f"Relay Desktop 4.9.{dice.randint(0, 4)}", PAPER)
    for n in range(3):
        canvas.box(WIDTH - 18 * (n + 1), 7, 8, 8, ALARM if n == 0 else PALE)
    canvas.box(0, 22, 96, HEIGHT - 22, LINE)
    for n, word in enumerate(("Overview", "Zones", "Playlists", "Reports", "Plugins", "Settings")):
        canvas.write(10, 36 + 22 * n, word, INK)
    for n in range(11):
        canvas.box(108, 34 + 23 * n, 360, 17, PAPER)
        canvas.box(116, 40 + 23 * n, dice.randint(60, 190), 5, PALE)
        canvas.box(390, 40 + 23 * n, dice.randint(20, 70), 5, LINE)
    canvas.box(118, 94, 324, 124, INK)
    canvas.box(120, 96, 320, 120, PAPER)
    canvas.box(120, 96, 320, 20, ALARM)
    canvas.write(130, 101, "Error", PAPER)
    canvas.write(134, 132, caption[:38], INK)
    canvas.write(134, 150, f"Code 0x{dice.getrandbits(24):06X}", PALE)
    canvas.box(360, 184, 66, 22, BUTTON)
    canvas.write(385, 190, "OK", PAPER)
    return canvas.png()


def log(dice: Random, caption: str, at: datetime) -> bytes:
    """What a program wrote before it failed."""
    said = (
        "INFO  relay.shell    view opened name={}",
        "INFO  relay.sync     {} entries in {} ms",
        "DEBUG relay.player   buffer {} % of {} s",
        "WARN  relay.net      retry {} in {} ms",
        "INFO  relay.cache    hit {} miss {}",
    )
    moment = at - timedelta(seconds=900)
    lines = []
    for _ in range(dice.randint(60, 160)):
        moment += timedelta(milliseconds=dice.randint(40, 9_000))
        told = dice.choice(said).format(dice.randint(1, 900), dice.randint(10, 4_000))
        lines.append(f"{moment:%Y-%m-%dT%H:%M:%S}.{dice.randint(0, 999):03d}Z {told}")
    lines.append(f"{moment:%Y-%m-%dT%H:%M:%S}.999Z ERROR relay.shell    {caption or 'job ended'}")
    return "\n".join(lines).encode() + b"\n"


def table(dice: Random, _caption: str, at: datetime) -> bytes:
    """Rows as they are exported."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(["date", "zone", "plays", "minutes", "skipped"])
    zones = ("Lobby", "Terrace", "Ground floor", "Größe Süd")
    for n in range(dice.randint(30, 90)):
        day = at - timedelta(days=n // 4)
        plays = dice.randint(80, 420)
        row = (f"{day:%Y-%m-%d}", zones[n % 4], plays, round(plays * 3.4), dice.randint(0, 9))
        sheet.writerow(row)
    return out.getvalue().encode()


def facts(dice: Random, caption: str, at: datetime) -> bytes:
    """Diagnostics as the app writes them."""
    told = {
        "written": at.isoformat(timespec="seconds"),
        "version": f"4.9.{dice.randint(0, 4)}",
        "note": caption or "diagnostics",
        "memory_mb": dice.randint(900, 6_200),
        "listeners": dice.randint(20_000, 60_000),
        "plugins": [{"name": name, "ms": dice.randint(4, 900)} for name in ("roster", "zones")],
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def paper(dice: Random, caption: str, at: datetime) -> bytes:
    """A letter of one page as PDF."""
    lines = (
        caption or "Statement",
        f"Date {at:%Y-%m-%d}",
        f"Amount {dice.randint(90, 2400)}.00 EUR",
    )
    shown = "".join(f"({line}) Tj 0 -24 Td " for line in lines)
    drawn = f"BT /F1 16 Tf 72 760 Td {shown}ET".encode("latin-1", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places)
    out += b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


MAKERS: dict[FileKind, tuple[str, Callable[[Random, str, datetime], bytes]]] = {
    "png": ("screenshot-{}.png", screenshot),
    "log": ("relay-{}.log", log),
    "csv": ("export-{}.csv", table),
    "json": ("diagnostics-{}.json", facts),
    "pdf": ("statement-{}.pdf", paper),
}
"""How each kind of file is called and made."""
