"""Reads a document in Markdown: its sections, with the bullets and blocks of code in each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt

SPECS = Path(
    os.environ.get("TICKET_TEST_SPECS")
    or Path(__file__).resolve().parents[2].parent / "shared" / "specs"
)
"""Where the documents lie; they are no part of the repository."""


@dataclass
class Section:
    """One heading and what stands below it, until the next heading."""

    level: int
    title: str
    paragraphs: list[str] = field(default_factory=list)
    bullets: list[str] = field(default_factory=list)
    code: list[tuple[str, str]] = field(default_factory=list)

    def block(self, language: str) -> str:
        """The first block of code in a language."""
        return next(text for name, text in self.code if name == language)


@dataclass
class Document:
    """The sections of a document, in order."""

    sections: list[Section]

    def below(self, title: str) -> Iterator[Section]:
        """The section of that title and those inside it."""
        start = next(n for n, section in enumerate(self.sections) if section.title == title)
        yield self.sections[start]
        for section in self.sections[start + 1 :]:
            if section.level <= self.sections[start].level:
                return
            yield section

    def section(self, title: str, within: str | None = None) -> Section:
        """The first section of that title, in all of the document or in one part of it."""
        among = self.below(within) if within else self.sections
        return next(section for section in among if section.title == title)


def parse(text: str) -> Document:
    """The document a Markdown text is."""
    sections = [Section(0, "")]
    heading = 0
    bullet = False
    for token in MarkdownIt().parse(text):
        if token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type in ("list_item_open", "list_item_close"):
            bullet = token.type == "list_item_open"
        elif token.type == "fence":
            sections[-1].code.append((token.info.strip(), token.content))
        elif token.type == "inline" and heading:
            sections.append(Section(heading, token.content))
            heading = 0
        elif token.type == "inline":
            kept = sections[-1].bullets if bullet else sections[-1].paragraphs
            kept.append(token.content)
    return Document(sections)


def read(name: str) -> Document:
    """The document of that file name. Raises `FileNotFoundError` where the documents are absent."""
    return parse((SPECS / name).read_text(encoding="utf-8"))
