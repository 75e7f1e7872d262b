"""The frontend is built when its sources have changed, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from ticket_app.ui import build


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source of the frontend; building it takes no time."""
    source = tmp_path / "page.py"
    source.write_text("before")
    lock = tmp_path / "package-lock.json"
    lock.write_text("{}")
    monkeypatch.setattr(
        build, "_sources", lambda names: [lock if names == build.LOCK_FILES else source]
    )
    monkeypatch.setattr(build, "PROJECT_ROOT", tmp_path)
    monkeypatch.setenv("REFLEX_WEB_WORKDIR", str(tmp_path / "web"))
    (tmp_path / "web/build/client").mkdir(parents=True)
    return source


def test_frontend_is_built_once_for_the_same_sources(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_run", lambda command: None)
    assert build.build()
    assert not build.build()
    source.write_text("after")
    assert build.build()
    assert not build.build()


def test_source_changed_during_a_build_counts_as_not_built(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_run", lambda command: source.write_text("saved in the meantime"))
    assert build.build()
    assert build.build(), "the last save is not in the first build"
    assert not build.build()


def test_lock_file_written_by_a_build_is_part_of_it(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = source.with_name("package-lock.json")
    monkeypatch.setattr(build, "_run", lambda command: lock.write_text('{"tinykeys": "4.0.0"}'))
    assert build.build()
    assert not build.build()
    lock.write_text("{}")
    assert build.build()


def test_components_and_their_scripts_are_sources_of_the_frontend() -> None:
    sources = {path.suffix for path in build._sources() if "ui" in path.parts}
    assert {".py", ".ts", ".tsx"} <= sources
