"""Parts of lists, versions in validators, and words that are heard over what stands there."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from starlette.datastructures import URL
from starlette.testclient import TestClient

from tests.api.conftest import File
from ticket_app.api.dialects.bmasia.vocabulary import STATUS
from ticket_app.api.kit import paging
from ticket_app.api.kit.answers import etag_of, version_of
from ticket_app.api.kit.drf import flag, one_id, one_uuid, ordering, truth
from ticket_app.api.kit.paging import FAR, Window
from ticket_app.core.errors import Invalid, NotFound
from ticket_app.core.words import Status

LIST = URL("http://desk.test/api/v1/tickets/?status=new&limit=2")


@pytest.mark.parametrize(
    ("window", "count", "following", "previous"),
    [
        (Window(2, 0, False, LIST), 5, "status=new&limit=2&offset=2", None),
        (
            Window(2, 2, False, LIST),
            5,
            "status=new&limit=2&offset=4",
            "status=new&limit=2&offset=0",
        ),
        (Window(2, 3, False, LIST), 5, None, "status=new&limit=2&offset=1"),
        (Window(2, 4, True, LIST), 5, None, "status=new&limit=2&page=2"),
        (Window(2, 0, True, LIST), 5, "status=new&limit=2&page=2", None),
        (Window(2, 0, True, LIST), 0, None, None),
    ],
)
def test_links_lead_to_the_parts_beside(
    window: Window, count: int, following: str | None, previous: str | None
) -> None:
    told = orjson.loads(bytes(window.answer([1], count).body))
    assert (told["count"], told["results"]) == (count, [1])
    for name, query in (("next", following), ("previous", previous)):
        assert told[name] == (query and f"http://desk.test/api/v1/tickets/?{query}"), name


def test_there_is_no_page_past_the_last() -> None:
    with pytest.raises(NotFound):
        Window(2, 6, True, LIST).answer([], 5)


def test_a_link_that_leads_far_carries_a_cursor_that_holds_for_it_alone() -> None:
    near = orjson.loads(bytes(Window(2, 0, False, LIST).answer([1], 5_000, following="abc").body))
    assert "cursor" not in near["next"]
    far = Window(2, FAR - 2, False, LIST)
    told = orjson.loads(bytes(far.answer([1], 5_000, following="abc").body))
    assert told["next"].endswith(f"cursor={FAR}.abc&limit=2&offset={FAR}")
    assert "cursor" not in told["previous"]
    led = Window(2, FAR, False, URL(told["next"]), f"{FAR}.abc")
    assert led.part.cursor == "abc"
    assert "cursor" not in orjson.loads(bytes(led.answer([1], 5_000).body))["next"]
    for offset, cursor in ((FAR + 2, f"{FAR}.abc"), (FAR, "abc"), (FAR, f"{FAR}."), (FAR, "")):
        assert Window(2, offset, False, LIST, cursor).part.cursor is None


@pytest.mark.parametrize(
    "path",
    [
        "/api/tickets/?",
        "/api/v1/tickets/?",
        "/api/ticketing/tickets/?",
        "/api/ticketing/tickets/?page_size=1&",
        "/api/v1/tickets/?ordering=-priority&limit=2&",
        "/api/ticketing/tickets/?ordering=due_date&limit=2&",
        "/api/v1/tickets/?search=start&limit=2&",
    ],
)
def test_following_the_links_gives_every_ticket_once(
    filed: File, agent: TestClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "FAR", 2)
    made = {filed()["ticket_key"] for _ in range(7)}
    seen: list[Any] = []
    following = f"{path}limit=2" if path.endswith("?") else path
    while following:
        told = agent.get(following).json()
        seen += [row["id"] for row in told["results"]]
        following = told["next"]
        if following and "cursor=" in following:
            changed = following.replace("cursor=", "cursor=9")
            assert agent.get(changed).json()["results"] == agent.get(following).json()["results"]
    assert len(seen) == len(set(seen)) == len(made)


def test_a_made_up_cursor_is_refused(filed: File, agent: TestClient) -> None:
    for cursor in ("4.x", "4.W10", "4.%00"):
        answer = agent.get(f"/api/v1/tickets/?limit=2&offset=4&cursor={cursor}")
        assert (answer.status_code, [*answer.json()]) == (400, ["cursor"])


def test_a_validator_names_the_version_and_is_read_back() -> None:
    etag = etag_of(b"{}", 17)
    assert version_of(etag) == version_of(etag.removeprefix("W/")) == version_of('"17"') == 17
    assert etag != etag_of(b"[]", 17)
    assert version_of(None) is version_of("*") is None
    assert version_of("nonsense") == version_of(etag_of(b"{}")) == version_of('"1", "2"') == -1


def test_what_stands_there_stays_when_it_is_said_with_the_word_sent() -> None:
    assert STATUS.hear_over("duplicate", "closed") is Status.DUPLICATE
    assert STATUS.hear_over("resolved", "closed") is Status.CLOSED
    assert STATUS.hear_over("new", "assigned") is Status.OPEN
    assert STATUS.tally({"duplicate": 1, "closed": 2})["closed"] == 3
    assert frozenset({"closed", "duplicate", "wont_fix"}) in STATUS.alike


def test_filters_are_read_or_refused() -> None:
    assert [flag("open", word) for word in ("true", "True", "1", "false", "", None)] == [
        *[True] * 3,
        *[False] * 3,
    ]
    assert truth("is_internal", "false") is False
    assert one_id("ticket", "7") == 7
    assert one_id("ticket", "") is one_uuid("ticket", None) is None
    assert ordering(None, {"created_at": "created"}, "-created_at") == {
        "sort": "created",
        "descending": True,
    }
    for read, value in ((flag, "maybe"), (one_id, "-1"), (one_id, "९"), (one_uuid, "uuid")):
        with pytest.raises(Invalid):
            read("field", value)
