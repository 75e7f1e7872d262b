"""Old Office files (OLE containers): macros, embedded programs and installers."""

from __future__ import annotations

import io
import struct

import olefile

from ticket_app.core.attachments.scanning.verdicts import ThreatFound

SIGNATURE = olefile.MAGIC
INSTALLER_CLASS = "000C1084-0000-0000-C000-000000000046"
MACRO_STORAGES = frozenset({"macros", "vba", "_vba_project", "_vba_project_cur"})
PACKED_PROGRAM = "ole10native"
_TABLE_SECTORS_AT = 44
_BYTES_PER_TABLE_SECTOR = 64 * 1024
"""A sector of the allocation table describes at least this many bytes of the file."""


def check_office_file(data: bytes) -> None:
    """Raise `ThreatFound` if an OLE file can run something, or is too damaged to tell."""
    _check_table_size(data)
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            root = container.root
            is_installer = root is not None and root.clsid == INSTALLER_CLASS
            names = {
                name.lower()
                for path in container.listdir(streams=True, storages=True)
                for name in path
            }
    except (OSError, AttributeError):
        raise ThreatFound("It is a damaged Office file that may hide macros.") from None
    if is_installer:
        raise ThreatFound("It is a Windows installer.")
    if names & MACRO_STORAGES:
        raise ThreatFound("It is an Office file with macros.")
    if any(name.endswith(PACKED_PROGRAM) for name in names):
        raise ThreatFound("It is an Office file with a program packed into it.")


def _check_table_size(data: bytes) -> None:
    """Reject an allocation table larger than the file, because olefile would read all of it."""
    sectors = struct.unpack_from("<L", data.ljust(512, b"\0"), _TABLE_SECTORS_AT)[0]
    if sectors > len(data) // _BYTES_PER_TABLE_SECTOR + 2:
        raise ThreatFound("It is a damaged Office file that may hide macros.")
