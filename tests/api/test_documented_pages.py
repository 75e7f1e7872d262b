"""The addresses of pages in the documents lead to ours."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient


@pytest.mark.parametrize(
    "path", ["/admin/ticketing/", "/admin/ticketing", "/admin/ticketing/ticket/7/change/"]
)
def test_admin_page_of_the_ticketing_document_leads_to_the_queue(
    own_settings: object, api: FastAPI, path: str
) -> None:
    response = TestClient(api).get(path, follow_redirects=False)
    assert response.is_redirect
    assert response.headers["location"] == "/desk"
