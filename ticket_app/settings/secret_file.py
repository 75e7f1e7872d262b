"""Secrets that are generated once and kept in a private file."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def load_or_create_secret(path: Path, length: int = 48) -> str:
    """Return the secret in a private file, which is created if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        temporary_path = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(
            os.open(temporary_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
        ) as file:
            file.write(secrets.token_urlsafe(length))
        # Linking is atomic and fails if the file exists: the second process uses the first's
        # secret.
        with suppress(FileExistsError):
            path.hardlink_to(temporary_path)
        temporary_path.unlink()
    return path.read_text().strip()
