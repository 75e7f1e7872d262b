"""Decode the bytes of messages, whatever charset they declare."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

ALIASES = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "x-gbk": "gb18030",
    "euc-cn": "gb18030",
    "iso-ir-58": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "x-euc-jp": "euc_jp",
    "big5": "cp950",
    "x-x-big5": "cp950",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso8859-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859_8",
    "iso-8859-6-i": "iso8859_6",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "utf8mb4": "utf-8",
}
"""Names that Python does not know, or for which clients send a superset (as browsers read them)."""

_NOT_CHARSETS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs"}
"""Codecs of Python that no message is written in; some of them are slow on hostile input."""
_ESCAPED = ("iso2022", "hz", "utf-7", "utf-16", "utf-32")
"""Charsets whose bytes are not compared with UTF-8: they are ASCII or hold zero bytes."""
_SINGLE_BYTE = re.compile(r"(?:cp(?:125|8|437|720|737|775|10)|iso8859|koi8|mac|tis|latin|hp-)")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
SURE_CHARACTERS = 4
"""This many characters beyond ASCII in valid UTF-8 are no accident, whatever is declared."""


@lru_cache(maxsize=256)
def codec_of(charset: str) -> str | None:
    """Return Python's name of a charset, or None if it is unknown."""
    name = charset.strip().strip("\"'").lower()
    name = re.sub(r"^(?:charset=|x-windows-|(?:cp|win)-(?=\d))", "", name)
    name = ALIASES.get(name, f"cp{name}" if name.isdigit() else name)
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = getattr(codec, "_is_text_encoding", True)
    return codec.name if is_text and codec.name.replace("_", "-") not in _NOT_CHARSETS else None


def decode(content: bytes, charset: str | None = None) -> str:
    """Return the text of bytes in a declared charset, which may be wrong, unknown or missing."""
    codec = codec_of(charset) if charset else None
    if codec is None or codec == "utf-8":
        return decode_undeclared(content)
    if not codec.startswith(_ESCAPED) and not content.isascii():
        as_utf8 = _strict(content, "utf-8-sig")
        if as_utf8 is not None and (_SINGLE_BYTE.match(codec) or _is_surely_utf8(as_utf8)):
            return as_utf8
    text = _strict(content, codec)
    if text is not None and not (codec.startswith("utf-16") and _has_single_bytes(content)):
        return text
    if codec == "gb18030" and _strict(content, "utf-8") is None:
        return content.decode("gb18030", errors="replace")
    if codec.startswith("iso2022") and content.isascii():
        return content.decode(codec, errors="replace")
    return decode_undeclared(content)


def decode_undeclared(content: bytes) -> str:
    """Return the text of bytes as UTF-8 if they are valid, else as Windows-1252."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _strict(content, "utf-16")
        if text is not None:
            return text
    text = _strict(content, "utf-8-sig")
    if text is not None:
        return text
    # Windows-1252 leaves five bytes undefined, which Latin-1 reads as control characters.
    return content.decode("cp1252", errors="latin1_bytes")


def _strict(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _has_single_bytes(content: bytes) -> bool:
    """Return whether bytes that claim to be pairs are UTF-8."""
    return not _CONTROL.search(content) and _strict(content, "utf-8") is not None


def _is_surely_utf8(text: str) -> bool:
    return sum(not character.isascii() for character in text[:2000]) >= SURE_CHARACTERS


def _as_latin1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("latin1_bytes", _as_latin1)
