"""Files of the demo data, generated: small, valid, and identical for the same seed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import orjson
import pikepdf
from PIL import Image, ImageDraw, ImageFont

from ticket_app.demo.texts.models import FileKind

SIZE = (480, 300)
BACKGROUND, WHITE, TITLE_BAR, BORDER, RED = "#eef1f5", "#ffffff", "#2f3b52", "#c9d1dd", "#d64545"
TEXT, GREY, BLUE = "#23304a", "#8fa0b8", "#3b7ddd"
FONT, LARGE_FONT = (ImageFont.load_default(size) for size in (11, 13))


def make_screenshot(rng: Random, caption: str, _at: datetime) -> bytes:
    """Return a PNG screenshot of an application window with an error message."""
    picture = Image.new("RGB", SIZE, BACKGROUND)
    draw = ImageDraw.Draw(picture)
    width, height = SIZE
    draw.rectangle((0, 0, width, 22), TITLE_BAR)
    draw.text((10, 4), f"Relay Desktop 4.9.{rng.randint(0, 4)}", WHITE, FONT)
    for n, color in enumerate((RED, GREY, GREY), start=1):
        draw.ellipse((width - 18 * n, 7, width - 18 * n + 8, 15), color)
    draw.rectangle((0, 23, 96, height), BORDER)
    for n, word in enumerate(("Overview", "Zones", "Playlists", "Reports", "Plugins", "Settings")):
        draw.text((10, 34 + 22 * n), word, TEXT, FONT)
    for top in range(34, 34 + 23 * 11, 23):
        draw.rectangle((108, top, 468, top + 16), WHITE)
        draw.rectangle((116, top + 6, 116 + rng.randint(60, 190), top + 10), GREY)
        draw.rectangle((390, top + 6, 390 + rng.randint(20, 70), top + 10), BORDER)
    draw.rounded_rectangle((118, 94, 441, 217), 6, WHITE, TEXT)
    draw.rectangle((119, 100, 440, 116), RED)
    draw.text((130, 100), "Error", WHITE, LARGE_FONT)
    draw.text((134, 130), caption[:48], TEXT, LARGE_FONT)
    draw.text((134, 152), f"Code 0x{rng.getrandbits(24):06X}", GREY, FONT)
    draw.rounded_rectangle((360, 184, 426, 206), 4, BLUE)
    draw.text((393, 195), "OK", WHITE, FONT, anchor="mm")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def make_log(rng: Random, caption: str, at: datetime) -> bytes:
    """Return the log of a failed program."""
    messages = (
        "INFO  relay.shell    view opened name={}",
        "INFO  relay.sync     {} entries in {} ms",
        "DEBUG relay.player   buffer {} % of {} s",
        "WARN  relay.net      retry {} in {} ms",
        "INFO  relay.cache    hit {} miss {}",
    )
    moment = at - timedelta(seconds=900)
    lines = []
    for _ in range(rng.randint(60, 160)):
        moment += timedelta(milliseconds=rng.randint(40, 9_000))
        message = rng.choice(messages).format(rng.randint(1, 900), rng.randint(10, 4_000))
        lines.append(f"{moment:%Y-%m-%dT%H:%M:%S}.{rng.randint(0, 999):03d}Z {message}")
    lines.append(f"{moment:%Y-%m-%dT%H:%M:%S}.999Z ERROR relay.shell    {caption or 'job ended'}")
    return "\n".join(lines).encode() + b"\n"


def make_csv(rng: Random, _caption: str, at: datetime) -> bytes:
    """Return a table as a CSV file."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(["date", "zone", "plays", "minutes", "skipped"])
    zones = ("Lobby", "Terrace", "Ground floor", "Größe Süd")
    for n in range(rng.randint(30, 90)):
        day = at - timedelta(days=n // 4)
        plays = rng.randint(80, 420)
        row = (f"{day:%Y-%m-%d}", zones[n % 4], plays, round(plays * 3.4), rng.randint(0, 9))
        writer.writerow(row)
    return output.getvalue().encode()


def make_json(rng: Random, caption: str, at: datetime) -> bytes:
    """Return diagnostics as JSON."""
    values = {
        "written": at.isoformat(timespec="seconds"),
        "version": f"4.9.{rng.randint(0, 4)}",
        "note": caption or "diagnostics",
        "memory_mb": rng.randint(900, 6_200),
        "listeners": rng.randint(20_000, 60_000),
        "plugins": [{"name": name, "ms": rng.randint(4, 900)} for name in ("roster", "zones")],
    }
    return orjson.dumps(values, option=orjson.OPT_INDENT_2)


def make_pdf(rng: Random, caption: str, at: datetime) -> bytes:
    """Return a one-page letter as a PDF."""
    lines = (
        caption or "Statement",
        f"Date {at:%Y-%m-%d}",
        f"Amount {rng.randint(90, 2400)}.00 EUR",
    )
    strings = (pikepdf.String(line.encode("latin-1", "replace")).unparse() for line in lines)
    content_stream = b"BT /F1 16 Tf 72 760 Td %s ET" % b" ".join(
        b"%s Tj 0 -24 Td" % one for one in strings
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    file = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(content_stream)
        pdf.save(file, deterministic_id=True)
    return file.getvalue()


FILE_MAKERS: dict[FileKind, tuple[str, Callable[[Random, str, datetime], bytes]]] = {
    "png": ("screenshot-{}.png", make_screenshot),
    "log": ("relay-{}.log", make_log),
    "csv": ("export-{}.csv", make_csv),
    "json": ("diagnostics-{}.json", make_json),
    "pdf": ("statement-{}.pdf", make_pdf),
}
"""The name of each kind of file and the function that generates it."""
