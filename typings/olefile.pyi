"""What this project uses of olefile, which has no types."""

from typing import IO, Self

MAGIC: bytes

class OleDirectoryEntry:
    clsid: str

class OleFileIO:
    root: OleDirectoryEntry | None
    def __init__(self, filename: IO[bytes]) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *exception: object) -> None: ...
    def listdir(self, streams: bool = True, storages: bool = False) -> list[list[str]]: ...
