"""A ticket created through one API reads correctly through every other."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import As
from tests.cast import Cast
from ticket_app.api.dialects.bmasia import vocabulary as bmasia
from ticket_app.api.dialects.centcom import vocabulary as centcom
from ticket_app.api.dialects.enterprise import vocabulary as enterprise
from ticket_app.api.dialects.kubebro import vocabulary as kubebro
from ticket_app.api.dialects.ticketing import vocabulary as ticketing
from ticket_app.api.kit.vocabulary import Vocabulary

LANTERNWORKS = str(uuid5(NAMESPACE_DNS, "Lanternworks"))


@dataclass(frozen=True)
class Way:
    """How one document files, lists and shows tickets."""

    base: str
    title: str
    words: dict[str, Vocabulary[Any]]
    also: dict[str, Any]
    slash: str = "/"
    number: str = "id"
    comments: str = "{base}/{id}/add_comment/"
    comment_field: str = "content"

    def create_ticket(self, answer: Any) -> dict[str, Any]:
        assert answer.status_code in (200, 201), answer.text
        payload = answer.json()
        payload = payload.get("data", payload)
        return payload.get("ticket", payload)

    def listed(self, client: TestClient, **filters: str) -> list[dict[str, Any]]:
        payload = client.get(self.base + self.slash, params=filters).json()
        payload = payload.get("data", payload)
        return next(payload[name] for name in ("tickets", "results", "items") if name in payload)

    def add_comment(self, client: TestClient, ticket_id: Any, comment_field: str) -> None:
        path = self.comments.format(base=self.base, id=ticket_id)
        assert client.post(path, json={self.comment_field: comment_field}).status_code in (200, 201)

    def file(self, client: TestClient, **fields: Any) -> dict[str, Any]:
        body = {self.title: "The lamp flickers", "description": "Since noon", **self.also, **fields}
        return self.create_ticket(client.post(self.base + self.slash, json=body))

    def read(self, client: TestClient, reference: Any) -> dict[str, Any]:
        return self.create_ticket(client.get(f"{self.base}/{reference}{self.slash}"))


WAYS = {
    "centcom": Way(
        "/api/tickets",
        "title",
        {"status": centcom.STATUS, "priority": centcom.PRIORITY},
        {"ticket_type": "support", "application_section": "lamps"},
        slash="",
        number="ticket_key",
        comments="{base}/{id}/comments",
    ),
    "kubebro": Way(
        "/api/tickets",
        "title",
        {
            "status": kubebro.STATUS,
            "priority": kubebro.PRIORITY,
            "category": kubebro.CATEGORY,
        },
        {},
    ),
    "bmasia": Way(
        "/api/v1/tickets",
        "subject",
        {"status": bmasia.STATUS, "priority": bmasia.PRIORITY, "category": bmasia.CATEGORY},
        {"company": LANTERNWORKS},
        number="ticket_number",
        comment_field="text",
    ),
    "ticketing": Way(
        "/api/ticketing/tickets",
        "subject",
        {
            "status": ticketing.STATUS,
            "priority": ticketing.PRIORITY,
            "category": ticketing.CATEGORY,
        },
        {},
        number="ticket_number",
    ),
    "enterprise": Way(
        "/tickets",
        "title",
        {"status": enterprise.STATUS, "priority": enterprise.PRIORITY},
        {},
        slash="",
        number="ticket_number",
        comments="/comments/ticket/{id}",
    ),
}


def words(field: str, ways: dict[str, Way]) -> Iterator[tuple[str, str]]:
    for name, way in ways.items():
        if field in way.words:
            yield from ((name, word) for word in way.words[field].value_by_word)


@pytest.mark.parametrize(("name", "word"), list(words("priority", WAYS)))
def test_a_priority_written_is_read_back_and_understood_elsewhere(
    owner: TestClient, name: str, word: str
) -> None:
    created = WAYS[name].file(owner, priority=word)
    meant = WAYS[name].words["priority"].parse(word)
    for other in WAYS.values():
        payload = other.read(owner, created["id"])
        assert payload["priority"] == other.words["priority"].format(meant)
    assert WAYS[name].read(owner, created["id"])["priority"] == word


@pytest.mark.parametrize(("name", "word"), list(words("category", WAYS)))
def test_a_category_written_is_read_back_and_understood_elsewhere(
    owner: TestClient, name: str, word: str
) -> None:
    created = WAYS[name].file(owner, category=word)
    meant = WAYS[name].words["category"].parse(word)
    for other in WAYS.values():
        if "category" in other.words:
            payload = other.read(owner, created["id"])
            assert payload["category"] == other.words["category"].format(meant)
    assert WAYS[name].read(owner, created["id"])["category"] == word


@pytest.mark.parametrize(("name", "word"), [w for w in words("status", WAYS) if w[0] != "centcom"])
def test_a_status_written_is_read_back_and_understood_elsewhere(
    owner: TestClient, agent: TestClient, name: str, word: str
) -> None:
    way = WAYS[name]
    created = way.file(owner)
    path = f"{way.base}/{created['id']}{way.slash}"
    answer = agent.patch(path, json={"status": word})
    assert answer.status_code == 200, answer.text
    assert way.read(owner, created["id"])["status"] == word
    for other in WAYS.values():
        comment_field = other.read(owner, created["id"])["status"]
        assert len(other.listed(owner, status=comment_field)) == 1, comment_field


@pytest.mark.parametrize("name", WAYS)
def test_text_numbers_and_comments_are_the_same_everywhere(
    owner: TestClient, agent: TestClient, name: str
) -> None:
    way = WAYS[name]
    created = way.file(owner)
    way.add_comment(owner, created["id"], "It **buzzes**, too")
    numbers: dict[str, Any] = {}
    for other, read in WAYS.items():
        payload = read.read(agent, created["id"])
        assert payload[read.title] == "The lamp flickers"
        assert payload["description"] == "Since noon"
        assert [comment[read.comment_field] for comment in payload["comments"]] == [
            "It **buzzes**, too"
        ]
        numbers[other] = payload[read.number]
    for read in WAYS.values():
        for number in numbers.values():
            assert read.read(owner, number)["id"] == read.read(owner, created["id"])["id"]


def test_what_one_document_deletes_is_gone_from_all(owner: TestClient, agent: TestClient) -> None:
    created = WAYS["kubebro"].file(owner)
    assert agent.delete(f"/api/v1/tickets/{created['id']}/").status_code == 204
    for way in WAYS.values():
        assert agent.get(f"{way.base}/{created['id']}{way.slash}").status_code == 404


def test_a_burst_through_all_documents_gives_each_number_once(as_: As, cast: Cast) -> None:
    each = 6
    made = {name: as_(cast.agent) for name in WAYS}

    def burst(name: str) -> list[Any]:
        return [WAYS[name].file(made[name])["id"] for _ in range(each)]

    with ThreadPoolExecutor(len(WAYS)) as pool:
        created = [ticket_id for ids in pool.map(burst, WAYS) for ticket_id in ids]
    total = each * len(WAYS)
    assert len(created) == total
    for name in ("centcom", "bmasia", "ticketing", "enterprise"):
        numbers = [WAYS[name].read(made[name], one)[WAYS[name].number] for one in created]
        assert len(set(numbers)) == total
        by_kind: dict[str, list[int]] = {}
        for number in numbers:
            prefix, _, digits = number.rpartition("-")
            by_kind.setdefault(prefix, []).append(int(digits))
        for given in by_kind.values():
            assert sorted(given) == list(range(1, len(given) + 1))


def test_merged_ticket_shown_as_closed_has_a_closing_time(
    owner: TestClient, agent: TestClient
) -> None:
    enterprise_way = WAYS["enterprise"]
    kept, merged = (
        enterprise_way.create_ticket(
            owner.post("/tickets", json={"title": "x", "description": "y"})
        )["id"]
        for _ in range(2)
    )
    assert agent.post(f"/tickets/{merged}/merge", json={"into": kept}).status_code == 200
    for base in ("/api/v1/tickets/", "/api/ticketing/tickets/"):
        payload = agent.get(base, params={"status": "closed"}).json()["results"]
        assert [one["status"] for one in payload] == ["closed"]
        assert payload[0]["closed_at"] == payload[0]["resolved_at"] is not None
