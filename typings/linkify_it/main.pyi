"""What this project uses of linkify-it-py, which has no types."""

class Match:
    schema: str
    index: int
    last_index: int
    raw: str
    text: str
    url: str
