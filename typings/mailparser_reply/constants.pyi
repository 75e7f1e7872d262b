"""What this project uses of mail-parser-reply, which has no types."""

from typing import TypedDict

class Language(TypedDict, total=False):
    wrote_header: str
    from_header: str
    sent_from: str

MAIL_LANGUAGES: dict[str, Language]
