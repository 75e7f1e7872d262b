"""What this project uses of tnefparse, which has no types."""

class TNEFAttachment:
    data: bytes
    def long_filename(self) -> str | bytes: ...

class TNEF:
    body: str | bytes | None
    htmlbody: str | bytes | None
    codepage: str | None
    attachments: list[TNEFAttachment]
    def __init__(self, data: bytes, do_checksum: bool = True) -> None: ...
