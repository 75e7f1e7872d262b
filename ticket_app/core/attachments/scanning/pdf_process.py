"""Active content of PDF files: JavaScript, programs, embedded files, media.

This is the process that `pdf` starts. qpdf (pikepdf) reads the objects; the names in the file
as it is are searched too, because other readers may repair a damaged file in another way.
"""

from __future__ import annotations

import math
import os
import re
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pikepdf
from pikepdf.settings import qpdf_limit_errors, set_qpdf_limits

from ticket_app.core.attachments.scanning import limits
from ticket_app.core.attachments.scanning.limits import Budget
from ticket_app.core.attachments.scanning.pdf import CANNOT_CHECK, CLEAN, THREAT
from ticket_app.core.attachments.scanning.signatures import check_test_virus
from ticket_app.core.attachments.scanning.verdicts import CannotCheck, ThreatFound

_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAME_END = rb"(?![A-Za-z0-9._#-])"
_ACTIVE_NAMES = tuple(
    (re.compile(rb"/(?:" + names + rb")" + _NAME_END), what)
    for names, what in (
        (rb"JavaScript", "JavaScript"),
        (rb"Launch", "a command that starts a program"),
        (rb"EmbeddedFiles?", "other files packed into it"),
        (rb"RichMedia\w{0,20}", "active media"),
    )
)
_SCRIPT_KEY = re.compile(rb"/JS" + _NAME_END)
_SKIPPED = re.compile("error reading object|treating object as null|bad_alloc")
"""How qpdf reports an object that it skips, as where memory does not suffice for it."""
_SCRIPT_IN_FORM = b"application/x-javascript"


def _main(folder: str, seconds: str, memory: str) -> None:
    """Check the files of a folder and exit with the result."""
    ends_at = time.monotonic() + float(seconds)
    for limit, value in (
        (resource.RLIMIT_AS, int(memory)),
        (resource.RLIMIT_CPU, math.ceil(float(seconds))),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS refuses a limit on memory
            resource.setrlimit(limit, (value, value))
    set_qpdf_limits(flate_max_memory=limits.MAX_MEMBER_BYTES, max_stream_filters=4)
    budget = Budget(ends_at=ends_at)
    result, reason = CLEAN, ""
    try:
        for path in Path(folder).iterdir():
            _check_pdf(path, budget)
    except ThreatFound as threat:
        result, reason = THREAT, str(threat)
    except CannotCheck as problem:
        result, reason = CANNOT_CHECK, str(problem)
    sys.stdout.write(reason)
    sys.stdout.flush()
    os._exit(result)  # without giving the memory of millions of objects back one by one


def _check_pdf(path: Path, budget: Budget) -> None:
    _reject_active_content(_unescape_names(path.read_bytes()))
    try:
        with pikepdf.open(path) as pdf:
            for content in _contents(pdf, budget):
                _reject_active_content(content)
                if _SCRIPT_KEY.search(content) or _SCRIPT_IN_FORM in content:
                    raise ThreatFound("The PDF holds JavaScript.")
                check_test_virus(content)
            notes = pdf.get_warnings()
            if qpdf_limit_errors() or any(_SKIPPED.search(str(note)) for note in notes):
                raise CannotCheck("The PDF is too complex to be checked.")
    except pikepdf.PasswordError:
        raise CannotCheck("The PDF is locked with a password, so it cannot be checked.") from None
    except (pikepdf.PdfError, ValueError, RecursionError):
        raise CannotCheck("The PDF is damaged and cannot be checked.") from None


def _unescape_names(data: bytes) -> bytes:
    """Return the bytes with the `#xx` of names replaced by the characters they stand for."""
    plain, count = _NAME_ESCAPE.subn(
        lambda escape: bytes((int(escape[1], 16),)), data, count=limits.MAX_PDF_ESCAPES
    )
    if count == limits.MAX_PDF_ESCAPES:
        raise ThreatFound("The PDF has more escaped names than a real one.")
    return plain


def _reject_active_content(content: bytes) -> None:
    for pattern, what in _ACTIVE_NAMES:
        if pattern.search(content):
            raise ThreatFound(f"The PDF holds {what}.")


def _contents(pdf: pikepdf.Pdf, budget: Budget) -> Iterator[bytes]:
    """Yield every object as qpdf writes it, and the contents of object streams."""
    for item in pdf.objects:
        budget.check_time()
        if isinstance(item, pikepdf.Dictionary | pikepdf.Array):
            yield item.unparse(resolved=True)
        elif isinstance(item, pikepdf.Stream):
            yield item.stream_dict.unparse(resolved=True)
            # A reader that repairs a file takes a stream for objects whatever its type is called.
            if item.get("/Type") == "/ObjStm" or ("/First" in item and "/N" in item):
                yield _unescape_names(_unpack(item, budget))


def _unpack(stream: pikepdf.Stream, budget: Budget) -> bytes:
    """Return the objects of an object stream as they are written in it."""
    filters = stream.get("/Filter", pikepdf.Array())
    for name in filters if isinstance(filters, pikepdf.Array) else (filters,):
        if name not in ("/FlateDecode", "/Fl"):
            raise ThreatFound("The PDF hides its objects in an unusual way.")
    try:
        content = stream.read_bytes()
    except pikepdf.PdfError:
        raise ThreatFound("The PDF hides its objects in an unusual way.") from None
    budget.spend(len(content))
    return content


if __name__ == "__main__":
    _main(*sys.argv[1:])
