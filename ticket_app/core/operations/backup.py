"""Back up and restore the database and all files that tickets refer to, with checksums.

The archive (.tar.gz) contains `desk.db` or `desk.dump`, `files/<storage key>`, and `manifest.json`.
It does not contain `TICKET_SECRET_KEY`, without which its webhook secrets cannot be read.
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
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, inspect, select

from ticket_app.core.operations import installation
from ticket_app.core.platform import database
from ticket_app.core.platform.errors import NotFound, RuleViolation
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.platform.unit_of_work import utc_now
from ticket_app.settings import settings
from ticket_app.tables import attachment_table, incoming_email_table, person_table, ticket_table

FORMAT_VERSION = 1
MANIFEST_NAME = "manifest.json"
DUMP_NAMES = {"sqlite": "desk.db", "postgresql": "desk.dump"}
"""The name of the database dump in an archive, for each database system."""


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """The contents of an archive."""

    created_at: datetime
    database: str
    schema_version: str | None
    file_count: int
    missing_count: int
    size_bytes: int


def create_backup(target: Path, bind: Engine | None = None) -> BackupInfo:
    """Write a new archive while the application is running.

    The database is copied before the files, so that every file it refers to exists already. Raises
    `RuleViolation` if the target exists or the database's client tools are not installed.
    """
    engine = bind or database.get_engine()
    dialect = engine.dialect.name
    if target.exists():
        raise RuleViolation(f"{target} already exists. Choose another name.")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial_path = target.with_name(target.name + ".part")
    checksums: dict[str, str] = {}
    missing_count = 0
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            dump_path = Path(folder) / DUMP_NAMES[dialect]
            DUMP_BY_DIALECT[dialect](engine, dump_path)
            descriptor = os.open(partial_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with (
                os.fdopen(descriptor, "wb") as output,
                tarfile.open(fileobj=output, mode="w:gz") as archive,
            ):
                checksums[dump_path.name] = _add_file(archive, dump_path.name, dump_path)
                for key in _storage_keys(engine):
                    copy_path = Path(folder) / "file"
                    try:
                        with copy_path.open("wb") as copy:
                            copy.writelines(file_storage().stream(key))
                    except NotFound:
                        missing_count += 1
                        continue
                    checksums[f"files/{key}"] = _add_file(archive, f"files/{key}", copy_path)
                manifest = {
                    "format": FORMAT_VERSION,
                    "made_at": utc_now(),
                    "database": dialect,
                    "schema": installation.schema_version(engine).installed,
                    "missing": missing_count,
                    "sha256": checksums,
                }
                manifest_path = Path(folder) / MANIFEST_NAME
                manifest_path.write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
                _add_file(archive, MANIFEST_NAME, manifest_path)
        partial_path.replace(target)
    finally:
        partial_path.unlink(missing_ok=True)
    result = _backup_info(orjson.loads(orjson.dumps(manifest)), target)
    _record_last_backup(result)
    return result


@dataclass(frozen=True, slots=True)
class LastBackup:
    """When the last backup on this machine was made, and its size."""

    created_at: datetime
    size_bytes: int


def _last_backup_path() -> Path:
    return settings().var / "last_backup.json"


def _record_last_backup(backup: BackupInfo) -> None:
    """Remember a backup for the status page; it is complete even if that fails."""
    record = {"created_at": backup.created_at, "size_bytes": backup.size_bytes}
    with suppress(OSError):
        _last_backup_path().parent.mkdir(parents=True, exist_ok=True)
        _last_backup_path().write_bytes(orjson.dumps(record))


def read_last_backup() -> LastBackup | None:
    """Return the last backup that was made on this machine, or None."""
    try:
        record = orjson.loads(_last_backup_path().read_bytes())
        return LastBackup(datetime.fromisoformat(record["created_at"]), int(record["size_bytes"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _add_file(archive: tarfile.TarFile, name: str, path: Path) -> str:
    archive.add(path, name, recursive=False)
    return _checksum(path)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _backup_info(manifest: dict[str, Any], archive: Path) -> BackupInfo:
    return BackupInfo(
        created_at=datetime.fromisoformat(manifest["made_at"]),
        database=manifest["database"],
        schema_version=manifest["schema"],
        file_count=len(manifest["sha256"]) - 1,
        missing_count=manifest["missing"],
        size_bytes=archive.stat().st_size,
    )


def _storage_keys(bind: Engine) -> Iterator[str]:
    for table in (attachment_table, incoming_email_table):
        statement = select(table.c.storage_key).order_by(table.c.id)
        with database.read_connection(bind) as connection:
            yield from connection.execute(statement).scalars().all()


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
    _run_postgresql_tool(bind, "pg_dump", "--format=custom", f"--file={target}")


def _run_postgresql_tool(bind: Engine, tool: str, *options: str) -> None:
    """Run a PostgreSQL client tool; the password is passed in the environment, not on the command
    line.
    """
    if shutil.which(tool) is None:
        raise RuleViolation(
            f"{tool} is not installed here. Run it where PostgreSQL's tools are, for the database "
            "of TICKET_DATABASE_URL, and copy the files of TICKET_FILES_URL beside it"
        )
    url = bind.url
    # URL.set(password=None) keeps the password, and rendering then masks it as "***".
    url_without_password = (
        url.set(drivername="postgresql")._replace(password=None).render_as_string()
    )
    password_environment = {"PGPASSWORD": str(url.password)} if url.password else {}
    completed = subprocess.run(
        [tool, *options, f"--dbname={url_without_password}"],
        env={**os.environ, **password_environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if completed.returncode:
        raise RuleViolation(f"{tool} failed: {completed.stderr.strip()[-500:]}")


DUMP_BY_DIALECT = {"sqlite": _dump_sqlite, "postgresql": _dump_postgresql}


def restore_backup(source: Path, bind: Engine | None = None, *, force: bool = False) -> BackupInfo:
    """Replace the database and files by those of the archive, then migrate to the current schema.

    Everything is verified before anything is changed; files are restored before the rows that refer
    to them. Raises `RuleViolation` for a damaged or unknown archive, and if the installation is in
    use and `force` is not set.
    """
    engine = bind or database.get_engine()
    dialect = engine.dialect.name
    if not force and _is_in_use(engine):
        raise RuleViolation("This installation has people or tickets. Use --force to replace them.")
    if not source.is_file():
        raise RuleViolation(f"{source} does not exist")
    with tempfile.TemporaryDirectory() as folder:
        manifest = _unpack(source, Path(folder))
        if manifest["database"] != dialect:
            raise RuleViolation(
                f"The archive is for {manifest['database']}; this installation uses {dialect}"
            )
        if not installation.is_known_revision(manifest["schema"]):
            raise RuleViolation(
                "The archive was made by a newer version. Update this installation first."
            )
        for name in manifest["sha256"]:
            if name.startswith("files/"):
                file_storage().put(name.removeprefix("files/"), Path(folder) / name)
        RESTORE_BY_DIALECT[dialect](engine, Path(folder) / DUMP_NAMES[dialect])
    engine.dispose()
    installation.migrate(engine)
    return _backup_info(manifest, source)


def _is_in_use(bind: Engine) -> bool:
    with database.read_connection(bind) as connection:
        if not inspect(connection).has_table("person"):
            return False
        return any(
            connection.execute(select(table.c.id).limit(1)).first()
            for table in (person_table, ticket_table)
        )


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Extract an archive into the folder, verify each member, and return the manifest."""
    checksums: dict[str, str] = {}
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                target = (folder / member.name).resolve()
                content = archive.extractfile(member) if member.isreg() else None
                if content is None or not target.is_relative_to(folder.resolve()):
                    raise RuleViolation("The archive contains an unexpected file")
                target.parent.mkdir(parents=True, exist_ok=True)
                with content, target.open("wb") as copy:
                    shutil.copyfileobj(content, copy)
                checksums[member.name] = _checksum(target)
        manifest = orjson.loads((folder / MANIFEST_NAME).read_bytes())
        expected = dict(manifest["sha256"])
        if manifest["format"] != FORMAT_VERSION:
            raise RuleViolation("The archive has an unknown format")
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise RuleViolation(f"{source} is not a backup, or it is damaged") from error
    del checksums[MANIFEST_NAME]
    if checksums != expected:
        raise RuleViolation(f"{source} is damaged: its checksums do not match")
    return manifest


def _restore_sqlite(bind: Engine, dump: Path) -> None:
    path = bind.url.database
    if not path:
        raise RuleViolation(
            "The database of this installation is in memory, so that nothing can be restored to it"
        )
    with closing(sqlite3.connect(dump)) as copy:
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise RuleViolation("The database in the archive is damaged")
        with closing(sqlite3.connect(path, timeout=database.SQLITE_BUSY_SECONDS)) as target:
            copy.backup(target)


def _restore_postgresql(bind: Engine, dump: Path) -> None:
    _run_postgresql_tool(
        bind,
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--single-transaction",
        str(dump),
    )


RESTORE_BY_DIALECT = {"sqlite": _restore_sqlite, "postgresql": _restore_postgresql}
