"""Pictures too large to show. Pillow reads their headers; no picture is decoded."""

from __future__ import annotations

import io
import struct
import warnings

from PIL import Image, PngImagePlugin

from ticket_app.core.attachments.file_types import FileType
from ticket_app.core.attachments.scanning import limits
from ticket_app.core.attachments.scanning.verdicts import CannotCheck, ThreatFound

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF")
_SIZE_AT_START = (b"\x89PNG", b"\xff\xd8\xff")

Image.MAX_IMAGE_PIXELS = limits.MAX_PIXELS // 2  # Pillow refuses what has twice as many
PngImagePlugin.MAX_TEXT_CHUNK = limits.MAX_MEMBER_BYTES  # diagrams are kept in such chunks
warnings.filterwarnings("ignore", module=r"PIL\.")


class _CountedReads(io.BytesIO):
    """A file that ends the scan when a parser reads too often from it."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > limits.MAX_IMAGE_READS:
            raise ThreatFound("The picture has more parts than a real one.")
        return super().read(size)


def check_image(data: bytes, kind: FileType | None) -> None:
    """Raise `ThreatFound` if a picture has too many pixels, frames or parts.

    Raises `CannotCheck` if the file was recognised as a picture but is damaged.
    """
    if not data.startswith(SIGNATURES):
        return
    at_start = data.startswith(_SIZE_AT_START)
    source = _CountedReads(data[: limits.MAX_IMAGE_HEADER_BYTES] if at_start else data)
    try:
        with Image.open(source, formats=FORMATS) as image:
            width, height = image.size
            frames = getattr(image, "n_frames", 1)
    except Image.DecompressionBombError:
        raise ThreatFound("The picture has more pixels than can be shown.") from None
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, struct.error):
        if kind is not None and kind.family == "image":
            raise CannotCheck("It is damaged and cannot be checked.") from None
        return
    if max(width, height) > limits.MAX_SIDE:
        raise ThreatFound(f"The picture is {width} by {height} pixels, more than can be shown.")
    if frames > limits.MAX_FRAMES:
        raise ThreatFound("The animation has more frames than a real one.")
