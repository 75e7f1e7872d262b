"""Render plain text as HTML: every character as written, lines of code in a fixed-width font.

The text of the HTML is the text itself; `white-space: pre-wrap` keeps its lines and spaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby

_CODE_LINE_PATTERN = re.compile(
    r"""
    \t|[ ]{2,}\S                                  # indented
    |.*\S(?:[ ]{3,}|[ ]*\t)\S                     # in columns
    |[ ]*at[ ][\w.$<>]+[(:]                       # a line of a stack trace
    |Traceback[ ]\(|Caused[ ]by:[ ]|(?:Unhandled[ ]exception|Exception[ ]in[ ]thread)\b
    |[\w.$]+(?:Error|Exception)(?::|$)
    |\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d              # a line of a log, by its time
    |\[?\d\d:\d\d:\d\d[\s.,\]]
    |\[?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL)\]?[ :\t]
    |[$][ ]\S|PS[ ][A-Z]:\\|[A-Z]:\\[^\s>]*>        # a command
    |[|+][-=+|: ]{3,}$|[|].*[|]$                  # a table
    |[][{}()]+[,;]?$                              # a bracket alone, as of JSON
    """,
    re.VERBOSE,
)
_ALIGNED_LINE_PATTERN = re.compile(r".*\S(?:[ ]{3,}|[ ]*\t)\S|[|+].*[|+]$")
"""A line whose columns are aligned with those of other lines."""
MAX_LINE_LENGTH = 2_000
"""Characters of a line that decide whether it is code."""


def render_html(text: str, render_text: Callable[[str], str]) -> str:
    """Return plain text as HTML; `render_text` escapes a piece of it and adds links."""
    if not text:
        return ""
    lines = re.sub(r"\r\n?", "\n", text).split("\n")
    parts = (
        f'<span class="{_css_class(piece)}">{render_text(piece)}</span>'
        if is_code
        else render_text(piece)
        for is_code, piece in _split_code_and_prose(lines)
    )
    return f'<div class="plain-text" dir="auto">{"".join(parts)}</div>'


def _css_class(code: str) -> str:
    """Return the CSS class: lines in columns are not wrapped, so that the columns stay aligned."""
    aligned_count = sum(
        _ALIGNED_LINE_PATTERN.match(line[:MAX_LINE_LENGTH]) is not None for line in code.split("\n")
    )
    return "plain-code plain-columns" if aligned_count > 1 else "plain-code"


def _split_code_and_prose(lines: list[str]) -> Iterator[tuple[bool, str]]:
    """Yield the text in pieces of prose and of code, each with the line breaks after its lines."""
    is_code_line = [_CODE_LINE_PATTERN.match(line[:MAX_LINE_LENGTH]) is not None for line in lines]
    for n, line in enumerate(lines):
        # An empty line between two of code belongs to them.
        if not line.strip() and 0 < n < len(lines) - 1:
            is_code_line[n] = is_code_line[n - 1] and is_code_line[n + 1]
    last = len(lines) - 1
    for is_code, group in groupby(enumerate(lines), key=lambda one: is_code_line[one[0]]):
        yield is_code, "".join(line + ("" if n == last else "\n") for n, line in group)
