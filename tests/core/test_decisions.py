"""Decision records are numbered without gaps and listed."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    records = sorted(FOLDER.glob("0*.md"))
    assert [path.name[:4] for path in records] == [
        f"{number:04}" for number in range(1, len(records) + 1)
    ]
    index = (FOLDER / "README.md").read_text()
    for path in records:
        number, _, title = path.read_text().splitlines()[0].removeprefix("# ").partition(" ")
        assert number == path.name[:4]
        assert f"| [{number}]({path.name}) | {title} |" in index
