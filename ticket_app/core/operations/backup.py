"""A desk in one file: its database and every file its tickets refer to, with checksums.

The archive (.tar.gz) holds `desk.db` or `desk.dump`, `files/<storage key>`, and `manifest.json`.
It does not hold `TICKET_SECRET_KEY`, without which webhook secrets in it cannot be read.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, inspect, select

from ticket_app.core.operations import installation
from ticket_app.core.platform import database
from ticket_app.core.platform.errors import NotFound, RuleBroken
from ticket_app.core.platform.storage import file_store
from ticket_app.core.platform.unit_of_work import utc_now
from ticket_app.tables import attachment_table, person_table, ticket_table

FORMAT = 1
MANIFEST = "manifest.json"
DUMPS = {"sqlite": "desk.db", "postgresql": "desk.dump"}
"""What the database is called in an archive, by the kind of database."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive holds."""

    made_at: datetime
    database: str
    schema: str | None
    files: int
    missing: int
    size: int


def back_up(target: Path, bind: Engine | None = None) -> Contents:
    """Write the whole desk into one new archive, while it is in use.

    The database is copied first, so that every file it refers to is there already. Raises
    `RuleBroken` if the target exists or the tools for this database are not installed.
    """
    chosen = bind or database.engine()
    kind = chosen.dialect.name
    if target.exists():
        raise RuleBroken(f"{target} exists already; choose another name")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    sums: dict[str, str] = {}
    missing = 0
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            dump = Path(folder) / DUMPS[kind]
            DUMPERS[kind](chosen, dump)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w:gz") as archive:
                sums[dump.name] = _add(archive, dump.name, dump)
                for key in _storage_keys(chosen):
                    kept = Path(folder) / "file"
                    try:
                        with kept.open("wb") as copy:
                            copy.writelines(file_store().open(key))
                    except NotFound:
                        missing += 1
                        continue
                    sums[f"files/{key}"] = _add(archive, f"files/{key}", kept)
                manifest = {
                    "format": FORMAT,
                    "made_at": utc_now(),
                    "database": kind,
                    "schema": installation.schema(chosen).present,
                    "missing": missing,
                    "sha256": sums,
                }
                told = Path(folder) / MANIFEST
                told.write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
                _add(archive, MANIFEST, told)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return _contents(orjson.loads(orjson.dumps(manifest)), target)


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    archive.add(path, name, recursive=False)
    return _sum(path)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _contents(manifest: dict[str, Any], archive: Path) -> Contents:
    return Contents(
        made_at=datetime.fromisoformat(manifest["made_at"]),
        database=manifest["database"],
        schema=manifest["schema"],
        files=len(manifest["sha256"]) - 1,
        missing=manifest["missing"],
        size=archive.stat().st_size,
    )


def _storage_keys(bind: Engine) -> Iterator[str]:
    keys = attachment_table.c.storage_key
    with database.reading(bind) as connection:
        yield from connection.execute(select(keys).order_by(attachment_table.c.id)).scalars().all()


def _dump_sqlite(bind: Engine, target: Path) -> None:
    connection = bind.raw_connection()
    try:
        with closing(sqlite3.connect(target)) as copy:
            source: Any = connection.driver_connection
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()


def _dump_postgresql(bind: Engine, target: Path) -> None:
    _postgresql_tool(bind, "pg_dump", "--format=custom", f"--file={target}")


def _postgresql_tool(bind: Engine, tool: str, *options: str) -> None:
    """Run one of PostgreSQL's tools; the password goes by the environment, not by the command."""
    if shutil.which(tool) is None:
        raise RuleBroken(
            f"{tool} is not installed here. Run it where PostgreSQL's tools are, for the database "
            "of TICKET_DATABASE_URL, and copy the files of TICKET_FILES_URL beside it"
        )
    url = bind.url
    # URL.set(password=None) keeps the password, and rendering then masks it as "***".
    address = url.set(drivername="postgresql")._replace(password=None).render_as_string()
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    done = subprocess.run(
        [tool, *options, f"--dbname={address}"],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuleBroken(f"{tool} failed: {done.stderr.strip()[-500:]}")


DUMPERS = {"sqlite": _dump_sqlite, "postgresql": _dump_postgresql}


def restore(source: Path, bind: Engine | None = None, *, force: bool = False) -> Contents:
    """Make this desk what the archive holds, and bring its tables up to date.

    Everything is checked before anything is touched; files come before the rows that name them.
    Raises `RuleBroken` for a damaged or foreign archive, and for a desk in use unless `force`.
    """
    chosen = bind or database.engine()
    kind = chosen.dialect.name
    if not force and _is_in_use(chosen):
        raise RuleBroken("This desk has people or tickets; --force replaces them")
    if not source.is_file():
        raise RuleBroken(f"{source} is not there")
    with tempfile.TemporaryDirectory() as folder:
        manifest = _unpack(source, Path(folder))
        if manifest["database"] != kind:
            raise RuleBroken(f"The archive is of a desk on {manifest['database']}, this is {kind}")
        if not installation.knows(manifest["schema"]):
            raise RuleBroken("The archive is of a newer version of this product")
        for name in manifest["sha256"]:
            if name.startswith("files/"):
                file_store().put(name.removeprefix("files/"), Path(folder) / name)
        RESTORERS[kind](chosen, Path(folder) / DUMPS[kind])
    chosen.dispose()
    installation.migrate(chosen)
    return _contents(manifest, source)


def _is_in_use(bind: Engine) -> bool:
    with database.reading(bind) as connection:
        if not inspect(connection).has_table("person"):
            return False
        return any(
            connection.execute(select(one.c.id).limit(1)).first()
            for one in (person_table, ticket_table)
        )


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """The manifest of an archive whose members lie in the folder, each as it was written."""
    found: dict[str, str] = {}
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                place = (folder / member.name).resolve()
                content = archive.extractfile(member) if member.isreg() else None
                if content is None or not place.is_relative_to(folder.resolve()):
                    raise RuleBroken("The archive holds something that no backup holds")
                place.parent.mkdir(parents=True, exist_ok=True)
                with content, place.open("wb") as copy:
                    shutil.copyfileobj(content, copy)
                found[member.name] = _sum(place)
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
        wanted = dict(manifest["sha256"])
        if manifest["format"] != FORMAT:
            raise RuleBroken("The archive has a form this version does not know")
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise RuleBroken(f"{source} is not a backup, or is damaged") from error
    del found[MANIFEST]
    if found != wanted:
        raise RuleBroken(f"{source} is damaged: its checksums do not agree")
    return manifest


def _restore_sqlite(bind: Engine, dump: Path) -> None:
    path = bind.url.database
    if not path:
        raise RuleBroken("The database has no file to restore into")
    with closing(sqlite3.connect(dump)) as copy:
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise RuleBroken("The database in the archive is damaged")
        with closing(sqlite3.connect(path, timeout=database.SQLITE_BUSY_SECONDS)) as target:
            copy.backup(target)


def _restore_postgresql(bind: Engine, dump: Path) -> None:
    _postgresql_tool(
        bind,
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--single-transaction",
        str(dump),
    )


RESTORERS = {"sqlite": _restore_sqlite, "postgresql": _restore_postgresql}
