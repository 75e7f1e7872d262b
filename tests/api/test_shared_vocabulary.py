"""A value that two APIs share means the same in both."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.test_cross_dialect import WAYS
from ticket_app.api.dialects.bmasia import vocabulary as bmasia
from ticket_app.api.dialects.centcom import vocabulary as centcom
from ticket_app.api.dialects.enterprise import vocabulary as enterprise
from ticket_app.api.dialects.kubebro import vocabulary as kubebro
from ticket_app.api.dialects.ticketing import vocabulary as ticketing
from ticket_app.core.platform.vocabulary import Category, Kind, category_for_kind, kind_for_category

VOCABULARIES = {
    "centcom": centcom,
    "kubebro": kubebro,
    "bmasia": bmasia,
    "ticketing": ticketing,
    "enterprise": enterprise,
}
TYPE_FIELD = {
    "centcom": ("ticket_type", centcom.KIND),
    "kubebro": ("category", kubebro.CATEGORY),
    "bmasia": ("category", bmasia.CATEGORY),
    "ticketing": ("category", ticketing.CATEGORY),
    "enterprise": ("ticket_type", enterprise.KIND),
}
"""The field in which each document says what sort of ticket it is."""
SYNONYMS = {("kubebro", "feature"): "feature_request"}
"""Words of one document that are another word everywhere else (DESIGN.md)."""
EXCEPTIONS = {
    ("kubebro", "urgent", "centcom"): "critical",
    ("kubebro", "urgent", "enterprise"): "critical",
    ("bmasia", "urgent", "centcom"): "critical",
    ("bmasia", "urgent", "enterprise"): "critical",
    ("ticketing", "urgent", "centcom"): "critical",
    ("ticketing", "urgent", "enterprise"): "critical",
    ("centcom", "critical", "kubebro"): "urgent",
    ("centcom", "critical", "bmasia"): "urgent",
    ("enterprise", "critical", "kubebro"): "urgent",
    ("enterprise", "critical", "bmasia"): "urgent",
    ("ticketing", "critical", "kubebro"): "urgent",
    ("ticketing", "critical", "bmasia"): "urgent",
}
"""What a priority reads as in a document that does not have the word (DESIGN.md)."""
PAIRS = [(one, other) for one, other in product(WAYS, WAYS) if one != other]


def common(dialect: str, word: str) -> str:
    return SYNONYMS.get((dialect, word), word)


def shared(one: str, other: str) -> list[tuple[str, str]]:
    """The sorts of tickets that two documents both have a word for, by the words of each."""
    theirs = {common(other, word): word for word in TYPE_FIELD[other][1].value_by_word}
    return [
        (word, theirs[common(one, word)])
        for word in TYPE_FIELD[one][1].value_by_word
        if common(one, word) in theirs
    ]


TYPES = [(one, other, *words) for one, other in PAIRS for words in shared(one, other)]


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("field", ["STATUS", "PRIORITY"])
def test_a_shared_status_or_priority_maps_to_itself(field: str, one: str, other: str) -> None:
    mine, theirs = (getattr(VOCABULARIES[name], field) for name in (one, other))
    both = mine.value_by_word.keys() & theirs.value_by_word.keys()
    assert both
    assert {word: theirs.format(mine.parse(word)) for word in both} == {word: word for word in both}


@pytest.mark.parametrize(("one", "word", "other"), EXCEPTIONS)
def test_a_priority_that_is_not_shared_reads_as_the_nearest(
    one: str, word: str, other: str
) -> None:
    mine, theirs = VOCABULARIES[one].PRIORITY, VOCABULARIES[other].PRIORITY
    assert word not in theirs.value_by_word
    assert theirs.format(mine.parse(word)) == EXCEPTIONS[one, word, other]


def test_there_are_shared_types_to_test() -> None:
    assert ("centcom", "kubebro", "support", "support") in TYPES
    assert ("centcom", "kubebro", "feature_request", "feature") in TYPES
    assert ("ticketing", "centcom", "other", "other") in TYPES


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("one", "other", "word", "expected"), TYPES)
def test_a_shared_type_maps_to_itself(
    owner: TestClient, one: str, other: str, word: str, expected: str
) -> None:
    field, _ = TYPE_FIELD[one]
    created = WAYS[one].file(owner, **{field: word})
    assert WAYS[other].read(owner, created["id"])[TYPE_FIELD[other][0]] == expected


def _change(client: TestClient, dialect: str, ticket_id: Any, **fields: Any) -> None:
    way = WAYS[dialect]
    answer = client.patch(f"{way.base}/{ticket_id}{way.slash}", json=fields)
    assert answer.status_code == 200, answer.text


CHANGES = [
    (*row, start)
    for row in TYPES
    if row[0] != "centcom"
    for start in ("support", "bug")
    if TYPE_FIELD[row[0]][1].format(start) != row[2]
]
"""From each sort to each other: a word that the ticket reads as already changes nothing."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("one", "other", "word", "expected", "start"), CHANGES)
def test_a_shared_type_that_is_changed_maps_to_itself(
    owner: TestClient, one: str, other: str, word: str, expected: str, start: str
) -> None:
    created = WAYS["centcom"].file(owner, ticket_type=start)
    _change(owner, one, created["id"], **{TYPE_FIELD[one][0]: word})
    assert WAYS[other].read(owner, created["id"])[TYPE_FIELD[other][0]] == expected
    assert WAYS["centcom"].read(owner, created["id"])["ticket_key"] == created["ticket_key"]


STATUSES = [
    (one, other, word)
    for one, other in PAIRS
    if one != "centcom"
    for word in VOCABULARIES[one].STATUS.value_by_word
    if word in VOCABULARIES[other].STATUS.value_by_word and word != "pending_approval"
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("one", "other", "word"), STATUSES)
def test_a_shared_status_that_is_set_maps_to_itself(
    agent: TestClient, one: str, other: str, word: str
) -> None:
    created = WAYS[one].file(agent)
    _change(agent, one, created["id"], status=word)
    assert WAYS[other].read(agent, created["id"])["status"] == word


def test_an_incident_keeps_its_kind_in_every_category(agent: TestClient) -> None:
    created = WAYS["enterprise"].file(agent, ticket_type="incident")
    _change(agent, "kubebro", created["id"], category="bug")
    assert WAYS["enterprise"].read(agent, created["id"])["ticket_type"] == "incident"
    assert WAYS["kubebro"].read(agent, created["id"])["category"] == "bug"


@pytest.mark.parametrize("word", sorted({*map(str, Kind)} & {*map(str, Category)}))
def test_kind_and_category_of_the_same_name_set_each_other(word: str) -> None:
    assert category_for_kind(Kind(word)) == word
    assert kind_for_category(Category(word)) == word
