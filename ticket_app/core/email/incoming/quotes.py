"""Tell the words that a person has written from quoted history and signatures."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ticket_app.core.email.incoming import phrases
from ticket_app.core.email.incoming.html_text import HISTORY_MARK, QUOTE_MARK, SIGNATURE_MARK

MAX_ATTRIBUTION_LINES = 4
MAX_HEADER_LINES = 14
"""Lines in which the headers above a quoted message are looked for."""
MAX_SIGNATURE_LINES = 15
"""Lines of a signature that is found by what it looks like."""
SENT_FROM_LINES = 6
"""Lines from the end in which a line such as `Sent from my iPhone` is looked for."""

_REPLY_MARKER = re.compile(
    r"^[-–—#=*_~|\s]{0,100}Reply above this line[-–—#=*_~\s.]{0,80}$", re.IGNORECASE
)
_QUOTED = re.compile(rf"^(?:{QUOTE_MARK}|\s{{0,3}}[>＞])")
_RULE = re.compile(r"^\s*([-_=*~–—─━―－＝＊⸺])\1{4,}\s*$")
_MARKS = re.compile(f"[{HISTORY_MARK}{QUOTE_MARK}{SIGNATURE_MARK}]")


@dataclass(frozen=True, slots=True)
class SplitText:
    """The visible words of a message, and its quoted history and signatures."""

    visible: str
    hidden: str


def split(text: str, *, subject: str, is_reply: bool) -> SplitText:
    """Split the text of a message, which `html_text.render` may have marked.

    `is_reply` is whether its headers say that it answers another message; without them and without
    words such as `Uma wrote:`, lines that begin with `>` are no quotes but words like any others.
    """
    lines = text.split("\n")
    finder = _Finder(lines, is_forward=phrases.is_forward_subject(subject))
    hides_angles = finder.find_history() or is_reply
    for number, line in enumerate(lines):
        if finder.is_hidden[number] or number >= finder.forward_start:
            continue
        if line.startswith(QUOTE_MARK) or (hides_angles and _QUOTED.match(line)):
            finder.is_hidden[number] = True
    finder.find_signatures()
    visible, hidden = finder.pieces()
    return SplitText(_tidy(visible), _tidy(hidden))


def without_marks(text: str) -> str:
    """Return a text with quotes as `> ` and without the marks of signatures and history."""
    return _MARKS.sub("", text.replace(QUOTE_MARK, "> "))


def _tidy(lines: list[str]) -> str:
    text = without_marks("\n".join(line.rstrip() for line in lines))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n").rstrip()


class _Finder:
    """Marks which lines of a text are hidden."""

    def __init__(self, lines: list[str], *, is_forward: bool) -> None:
        self.lines = lines
        self.is_hidden = [False] * len(lines)
        self.may_end_attribution = [
            line.rstrip(" \t>*_\xa0").endswith((":", "：", "wrote")) for line in lines
        ]
        self.is_forward = is_forward
        self.forward_start = len(lines)
        """From this line on all is a forwarded message, which is shown."""

    def find_history(self) -> bool:
        """Hide what says that history follows, and history without an end.

        Returns whether any was found, or a line with the marker of our own messages.
        """
        found = False
        number = 0
        while number < len(self.lines):
            line = self.lines[number]
            if _QUOTED.match(line):
                found = found or _REPLY_MARKER.match(line.lstrip(f">＞ {QUOTE_MARK}")) is not None
                number += 1
                continue
            if _REPLY_MARKER.match(line):
                self._hide(self._above_rules(number), len(self.lines))
                return True
            if phrases.is_forward_marker(line):
                self._show_forwarded(number)
                return found
            end = self._history_end(number)
            if end is None:
                number += 1
                continue
            found = True
            if self._is_quoted_below(end):
                self._hide(number, end)
                number = end
            elif self.is_forward and not line.rstrip().endswith((":", "：")):
                self._show_forwarded(number)
                return found
            else:
                self._hide(self._above_rules(number), len(self.lines))
                return True
        return found

    def _show_forwarded(self, number: int) -> None:
        """Show all from a line on, but not below the marker of our own messages."""
        self.forward_start = number
        for place in range(number, len(self.lines)):
            if _REPLY_MARKER.match(self.lines[place]):
                self._hide(place, len(self.lines))
                return

    def _hide(self, start: int, end: int) -> None:
        self.is_hidden[start:end] = [True] * (end - start)

    def _above_rules(self, number: int) -> int:
        """Return the first of the lines with rules or nothing that are right above a line."""
        start = number
        while start > 0 and (
            not self.lines[start - 1].strip() or _RULE.match(self.lines[start - 1])
        ):
            start -= 1
        return start

    def _is_quoted_below(self, number: int) -> bool:
        below = self._next_text(number)
        return below < len(self.lines) and _QUOTED.match(self.lines[below]) is not None

    def _next_text(self, number: int) -> int:
        while number < len(self.lines) and not self.lines[number].strip():
            number += 1
        return number

    def _history_end(self, number: int) -> int | None:
        """Return the line after those that say, from a line on, that history follows; or None."""
        line = self.lines[number]
        if line.startswith(HISTORY_MARK):
            return self._header_block_end(self._next_text(number + 1)) or number + 1
        if phrases.is_original_marker(line):
            return self._header_block_end(self._next_text(number + 1)) or number + 1
        if phrases.is_attribution_with_text(line):
            return number + 1
        return self._header_block_end(number) or self._attribution_end(number)

    def _header_block_end(self, number: int) -> int | None:
        """Return the line after headers such as From, Sent, To and Subject, or None."""
        kinds: set[str] = set()
        end = number
        for place in range(number, min(number + MAX_HEADER_LINES, len(self.lines))):
            line = self.lines[place]
            kind = phrases.header_label(line)
            if place == number and kind not in ("from", "date"):
                return None
            if kind in kinds and kind != "cc":
                break
            if kind:
                kinds.add(kind)
                end = place + 1
            elif line.strip() and place - end > 1:
                break  # more than one line that is not the rest of a long list of recipients
        is_block = len(kinds) >= 3 and {"from", "subject"} <= kinds
        return end if is_block or kinds >= {"from", "date", "to"} else None

    def _attribution_end(self, number: int) -> int | None:
        """Return the line after one to four lines that say who wrote what follows, or None."""
        last = min(number + MAX_ATTRIBUTION_LINES, len(self.lines))
        for end in range(number + 1, last + 1):
            line = self.lines[end - 1]
            if not line.strip() or (_QUOTED.match(line) and not self._closes_address(end - 1)):
                return None
            if not self.may_end_attribution[end - 1]:
                continue
            if any(phrases.opens_attribution(text) for text in self.lines[number + 1 : end]):
                return None
            is_quoted_below = self._is_quoted_below(end)
            text = "\n".join(self.lines[number:end])
            if phrases.is_attribution(text, is_quoted_below=is_quoted_below):
                return end if end == number + 1 or phrases.opens_attribution(text) else None
        return None

    def _closes_address(self, number: int) -> bool:
        """Return whether a line begins with the end of an address, where a client broke it."""
        if number == 0:
            return False
        above = self.lines[number - 1]
        return self.may_end_attribution[number] and above.rfind("<") > above.rfind(">")

    def find_signatures(self) -> None:
        """Hide the signatures of what is visible, above and between quotes."""
        start = 0
        end_of_all = min(self.forward_start, len(self.lines))
        while start < end_of_all:
            if self.is_hidden[start]:
                start += 1
                continue
            end = start
            while end < end_of_all and not self.is_hidden[end]:
                end += 1
            self._hide_signature(start, end)
            start = end

    def _hide_signature(self, start: int, end: int) -> None:
        for number in range(start, end):
            if self.lines[number].startswith(SIGNATURE_MARK):
                self.is_hidden[number] = True
        end = self._hide_delimited(start, end)
        end = self._hide_sent_from(start, end)
        first = self._signature_start(start, end)
        if first is not None:
            self._hide(first, end)

    def _hide_delimited(self, start: int, end: int) -> int:
        """Hide what is below a line with two hyphens; return where the rest ends."""
        for number in range(start, end):
            line = self.lines[number]
            if line == "-- " or (
                line.rstrip() in ("--", "—", "__") and end - number <= MAX_SIGNATURE_LINES
            ):
                self._hide(number, end)
                return number
        return end

    def _hide_sent_from(self, start: int, end: int) -> int:
        """Hide lines such as `Sent from my iPhone` near the end; return where the rest ends."""
        seen = 0
        for number in range(end - 1, start - 1, -1):
            line = self.lines[number]
            if not line.strip() or self.is_hidden[number]:
                continue
            seen += 1
            if phrases.is_sent_from(line):
                self._hide(number, number + 1)
            if seen >= SENT_FROM_LINES:
                break
        while end > start and (self.is_hidden[end - 1] or not self.lines[end - 1].strip()):
            end -= 1
        return end

    def _signature_start(self, start: int, end: int) -> int | None:
        """Return where a signature begins that is known by what it looks like, or None.

        It is short, names a way to reach the sender and is below a rule or the end of a letter.
        """
        first = max(start + 1, end - MAX_SIGNATURE_LINES)
        for number in range(first, end):
            line = self.lines[number]
            is_rule = _RULE.match(line) is not None
            if not is_rule and not phrases.is_valediction(line):
                continue
            below = [text for text in self.lines[number + 1 : end] if text.strip()]
            is_short = all(len(text) <= 80 for text in below)
            if below and is_short and any(phrases.has_contact(text) for text in below):
                return number
        return None

    def pieces(self) -> tuple[list[str], list[str]]:
        """Return the visible and the hidden lines; an empty line is between separate ones."""
        visible: list[str] = []
        hidden: list[str] = []
        for number, line in enumerate(self.lines):
            target = hidden if self.is_hidden[number] else visible
            if number and self.is_hidden[number] != self.is_hidden[number - 1]:
                target.append("")
            target.append(line)
        return visible, hidden
