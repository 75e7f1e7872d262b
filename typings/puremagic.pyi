"""What this project uses of puremagic, whose functions are not fully typed."""

from typing import NamedTuple

class PureError(LookupError): ...

class PureMagicWithConfidence(NamedTuple):
    byte_match: bytes
    offset: int
    extension: str
    mime_type: str
    name: str
    confidence: float

def magic_string(string: bytes) -> list[PureMagicWithConfidence]: ...
