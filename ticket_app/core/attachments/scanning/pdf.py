"""PDF files, checked in a process of their own with a limit on memory and time.

Reading a PDF can take seventy times the memory of what is read (docs/decisions/0024).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from ticket_app.core.attachments.scanning import limits
from ticket_app.core.attachments.scanning.limits import Budget
from ticket_app.core.attachments.scanning.verdicts import CannotCheck, ThreatFound

SIGNATURE = b"%PDF-"
CLEAN, THREAT, CANNOT_CHECK = 0, 3, 4
"""Exit codes of the process; the reason is on its standard output."""
_ROOT = Path(__file__).parents[4]


def check_pdfs(folder: Path, budget: Budget) -> None:
    """Check the PDF files of a folder in a process of its own.

    Raises `ThreatFound` if one can run something, `CannotCheck` if one cannot be read.
    """
    seconds = budget.ends_at - time.monotonic()
    module = "ticket_app.core.attachments.scanning.pdf_process"
    memory = limits.MAX_PDF_MEMORY_BYTES
    command = [sys.executable, "-m", module, str(folder), str(seconds), str(memory)]
    try:
        done = subprocess.run(
            command,
            check=False,
            env={"PYTHONPATH": os.pathsep.join([str(_ROOT), *filter(None, sys.path)])},
            capture_output=True,
            timeout=max(seconds, 0),
        )
    except subprocess.TimeoutExpired:
        raise CannotCheck("It takes too long to check.") from None
    if done.returncode == THREAT:
        raise ThreatFound(done.stdout.decode())
    if done.returncode == CANNOT_CHECK:
        raise CannotCheck(done.stdout.decode())
    if done.returncode != CLEAN:
        raise CannotCheck("It takes too much memory or time to check.")
