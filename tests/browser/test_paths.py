"""Odd paths on the whole product: each document answers its own, and no page stands in for it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

from tests.browser.conftest import Product


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("/api/tickets/%0d%0aSet-Cookie:%20x=1", {"success", "error"}),
        ("/api/tickets/x%0ay/comments", {"success", "error"}),
        ("/api/tickets/%0a/", {"detail"}),
        ("/api/v1/tickets/%0d%0a/", {"detail"}),
        ("/api/v1/%0a/nothing", {"detail"}),
        ("/api/ticketing/tickets/1%0a2/", {"detail"}),
        ("/tickets/%0d%0a", {"success", "error", "request_id"}),
        ("/comments/1%0a2", {"success", "error", "request_id"}),
    ],
)
def test_a_path_with_a_line_break_is_answered_by_its_document(
    product: Product, path: str, keys: set[str]
) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(product.address + path)
    assert refused.value.code in (401, 404)
    assert json.load(refused.value).keys() == keys
    assert "Set-Cookie" not in refused.value.headers
