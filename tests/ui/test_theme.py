"""The tables of the look are total over the desk's words; styles keep to Radix's colours."""

import re
from pathlib import Path

import pytest

from ticket_app.core.platform.vocabulary import Kind, Priority, Status
from ticket_app.ui import theme

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "assets"
CSS = "\n".join((ASSETS / path.removeprefix("/")).read_text() for path in theme.STYLESHEETS)
TONES = {*re.findall(r"^\.tone-(\w+) \{", CSS, re.MULTILINE)}


@pytest.mark.parametrize(
    ("table", "words"),
    [(theme.STATUS_LOOKS, Status), (theme.PRIORITY_LOOKS, Priority), (theme.KIND_LOOKS, Kind)],
    ids=["status", "priority", "kind"],
)
def test_every_core_value_has_a_style(table, words):
    assert list(table) == [word.value for word in words]


def test_every_colour_used_is_a_tone_of_the_stylesheet():
    looks = [*theme.STATUS_LOOKS.values(), *theme.PRIORITY_LOOKS.values()]
    used = {look.color for look in looks} | {*theme.PERSON_COLORS, *theme.TONES}
    assert used <= TONES


def test_higher_priorities_fill_more_bars():
    bars = [look.bars for look in theme.PRIORITY_LOOKS.values()]
    assert bars == [1, 2, 3, 4, 0], "critical is a square, not bars"


def test_styles_name_no_colour_of_their_own():
    rules = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)
    before_the_theme_is_there = [
        "html, body { margin: 0; background: #fff; }",
        "html.dark, html.dark body { background: #111113; }",
        "{ background: #fff !important; color: #000 !important; }",
    ]
    for allowed in before_the_theme_is_there:
        assert allowed in rules
        rules = rules.replace(allowed, "")
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", rules) == []


def test_what_the_head_names_is_there():
    for address in (theme.FONT, *theme.STYLESHEETS, *theme.SCRIPTS):
        assert (ASSETS / address.removeprefix("/")).is_file(), address


def test_the_font_is_small_and_comes_with_its_licence():
    assert (ASSETS / "fonts/inter.woff2").stat().st_size <= 60_000
    assert "SIL Open Font License" in (ASSETS / "fonts/inter-LICENSE.txt").read_text()


def scripts() -> list[Path]:
    """Every script of ours that runs in the browser."""
    components = ROOT / "ticket_app/ui/components"
    found = [path for folder in (ASSETS / "js", components) for path in folder.rglob("*.[jt]s*")]
    return [
        path
        for path in found
        if path.suffix in (".js", ".ts", ".tsx")
        and path.parent.name != "testing"
        and ".test." not in path.name
    ]


def test_scripts_need_nothing_a_strict_policy_forbids():
    for script in scripts():
        assert not re.search(
            r"\beval\(|new Function|innerHTML|https?://",
            script.read_text().replace("](https://)", ""),
        ), script.name


def test_scripts_use_no_private_part_of_react_and_do_not_watch_the_page():
    sources = [*scripts(), ROOT / "ticket_app/ui/frontend_patches.py"]
    assert len(sources) > 40
    for source in sources:
        found = re.search(r"__react\w*|_reactInternal\w*|\w+Observer\b", source.read_text())
        assert found is None, (source.name, found)
