"""Tags are the same set whichever document writes and reads them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from tests.api.conftest import As, Working
from tests.api.test_cross_dialect import WAYS
from tests.cast import Cast
from ticket_app.core.platform.validators import split_tags
from ticket_app.tables import ticket_table

STRINGS = ("bmasia", "ticketing")
"""The documents whose tags are comma-separated in one string."""
ARRAYS = ("centcom", "enterprise")
NAMES = (*STRINGS, *ARRAYS)
SETS = (
    ["login", "Two words", "zone-offline"],
    ["a;b", "c/d", "x\uff0cy", "#1", '"quoted"'],
    ["\u00e9t\u00e9", "\u6e2c\u8a66", "with. dots."],
)


def written(name: str, tags: list[str]) -> Any:
    return ", ".join(tags) if name in STRINGS else tags


def read(name: str, client: TestClient, ticket_id: int) -> set[str]:
    reference = str(ticket_id)
    if name in ("centcom", "bmasia"):
        reference = WAYS["ticketing"].read(client, ticket_id)["ticket_number"]
    tags = WAYS[name].read(client, reference)["tags"]
    return {tag.strip() for tag in tags.split(",")} if name in STRINGS else set(tags)


def change(name: str, client: TestClient, ticket_id: int, **body: Any) -> Any:
    way = WAYS[name]
    reference = WAYS["ticketing"].read(client, ticket_id)["ticket_number"]
    return client.patch(f"{way.base}/{reference}{way.slash}", json=body)


@pytest.mark.parametrize("tags", SETS)
@pytest.mark.parametrize("writer", NAMES)
def test_tags_read_through_one_document_and_written_back_through_another_stay_the_same(
    as_: As, cast: Cast, writer: str, tags: list[str]
) -> None:
    client = as_(cast.owner)
    WAYS[writer].file(client, tags=written(writer, tags))
    for reader in NAMES:
        assert read(reader, client, 1) == set(tags), reader
        for other in ("bmasia", "ticketing", "enterprise"):
            again = sorted(read(reader, client, 1))
            answer = change(other, client, 1, tags=written(other, again))
            assert answer.status_code == 200, answer.text
            assert read(reader, client, 1) == set(tags), (reader, other)


@pytest.mark.parametrize("name", ARRAYS)
def test_a_comma_in_a_tag_is_refused_and_the_tag_named(
    owner: TestClient, working: Working, cast: Cast, name: str
) -> None:
    way = WAYS[name]
    body = {way.title: "A", "description": "B", **way.also, "tags": ["fine", "one, two"]}
    answers = [owner.post(way.base + way.slash, json=body)]
    way.file(owner, tags=["fine"])
    if name == "enterprise":
        answers.append(change(name, owner, 1, tags=["fine", "one,two"]))
    for answer in answers:
        assert answer.status_code == 400
        assert "comma" in answer.text
        assert "one," in answer.text
        assert "tags" in answer.text
    assert read(name, owner, 1) == {"fine"}


@pytest.mark.parametrize("name", ["bmasia", "ticketing", "enterprise"])
def test_a_tag_that_has_a_comma_from_before_stays_whole(
    owner: TestClient, working: Working, cast: Cast, name: str
) -> None:
    WAYS["enterprise"].file(owner, tags=["old"])
    with working(cast.owner) as uow:
        uow.connection.execute(
            update(ticket_table).where(ticket_table.c.id == 1).values(tags=["old, older", "new"])
        )

    def now() -> list[str]:
        return WAYS["enterprise"].read(owner, 1)["tags"]

    title = WAYS[name].title
    assert change(name, owner, 1, **{title: "Another"}).status_code == 200
    assert now() == ["old, older", "new"]
    tags = ["old, older", "new", "newest"]
    assert change(name, owner, 1, tags=written(name, tags)).status_code == 200
    assert now() == tags


def test_a_filter_with_a_comma_still_means_several_tags(owner: TestClient) -> None:
    WAYS["enterprise"].file(owner, tags=["a", "b"])
    WAYS["enterprise"].file(owner, tags=["a"])
    found = owner.get("/tickets", params={"tags": "a,b"}).json()["data"]["items"]
    assert [row["id"] for row in found] == [1]


@pytest.mark.parametrize(
    ("joined", "present", "tags"),
    [
        ("a, b,,c ,", (), ["a", " b", "c "]),
        ("a,b,c", ("a,b",), ["a,b", "c"]),
        ("c, A,b", ("a,b",), ["c", " A,b"]),
        ("aa,b", ("a,b",), ["aa", "b"]),
        ("a,bb", ("a,b",), ["a", "bb"]),
        (None, (), []),
    ],
)
def test_a_text_of_tags_is_split_at_its_commas(
    joined: str | None, present: tuple[str, ...], tags: list[str]
) -> None:
    assert split_tags(joined, present) == tags
