"""Limits on the time, memory and unpacked bytes of one scan, because files can be hostile."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from ticket_app.core.attachments.scanning.verdicts import CannotCheck, ThreatFound

MAX_SCANNED_BYTES = 64 * 1024 * 1024
"""A larger file cannot be checked, as it is not read into memory; uploads are far smaller."""
MAX_SECONDS = 20.0
"""The built-in scanner gives up (and reports so) after this long."""
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
"""Everything unpacked from one file, archives within archives included."""
MAX_MEMBER_BYTES = 16 * 1024 * 1024
"""An archive member or PDF stream up to this size is checked whole."""
MAX_RATIO = 200
"""A member of more than `RATIO_FROM_BYTES` may unpack to at most this many times its size."""
RATIO_FROM_BYTES = 1024 * 1024
MAX_MEMBERS = 2_000
"""Members of one archive."""
MAX_ENTRIES = 10 * MAX_MEMBERS
"""Directory entries in the bytes of one archive, those of archives within it included."""
MAX_DEPTH = 3
"""Levels of archives within archives."""
MAX_PIXELS = 80_000_000
"""A picture of more pixels fills a browser's memory (320 MB unpacked)."""
MAX_SIDE = 32_767
"""Pixels of a picture's longer side."""
MAX_FRAMES = 5_000
"""Frames of an animated GIF."""
MAX_IMAGE_READS = 500_000
"""Reads that finding a picture's size may take; each chunk, segment or block costs one or two."""
MAX_IMAGE_HEADER_BYTES = 8 * 1024 * 1024
"""Where the size of a PNG or JPEG image must be found."""
MAX_PDF_MEMORY_BYTES = 512 * 1024 * 1024
"""Address space of the process that reads PDF files."""
MAX_PDF_ESCAPES = 100_000
"""Escaped characters in the names of one PDF."""
CHUNK_BYTES = 4 * 1024 * 1024
"""Archive members are unpacked in pieces of this size."""


@dataclass(slots=True)
class Budget:
    """The bytes that one scan may still unpack, and when it must end."""

    bytes_left: int = field(default_factory=lambda: MAX_UNPACKED_BYTES)
    ends_at: float = field(default_factory=lambda: time.monotonic() + MAX_SECONDS)

    def spend(self, count: int) -> None:
        """Subtract `count` unpacked bytes. Raises `ThreatFound` when there are too many."""
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise ThreatFound(
                "It unpacks to far more than a real file would (a decompression bomb)."
            )
        self.check_time()

    def check_time(self) -> None:
        """Raise `CannotCheck` when the time is up."""
        if time.monotonic() > self.ends_at:
            raise CannotCheck("It takes too long to check.")
