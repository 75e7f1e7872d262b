"""Complete the OpenAPI document that FastAPI generates."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

OpenApiPart: TypeAlias = dict[str, Any]
"""An OpenAPI document as FastAPI builds it, or an object in it."""

SECURITY_SCHEMES = {
    "Bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": (
            "An access token from `POST /auth/login`, a personal API token (`tk_...`), or a token "
            "of a trusted issuer."
        ),
    },
    "ApiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "A personal API token (`tk_...`).",
    },
}
IDEMPOTENCY_KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A repeated request with the same key runs only once; kept for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
UPLOAD_REQUEST_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
                "additionalProperties": {"type": "string"},
            }
        }
    },
}
ERROR_RESPONSE = {
    "description": "An error, in this document's format",
    "content": {"application/json": {"schema": {"type": "object"}}},
}
TAG_DESCRIPTIONS = {
    "Centcom": "Centcom/Lyceum: submit and track tickets. Paths have no trailing slash.",
    "KubeBro": "Tickets of users, handled by admins. Every path ends with a slash.",
    "BMAsia": "Tickets of companies, handled by teams. Ids are UUIDs.",
    "Ticketing": "Tickets of customers, with hours, due dates and history.",
    "Enterprise: Authentication": "Sign in and out, for all of these APIs.",
    "Enterprise: Tickets": "List, create, update, delete and merge tickets. Ids are integers.",
    "Enterprise: Search": "Full-text search with filters and multiple sort keys.",
    "Enterprise: Import": "Import the tickets of another system, from CSV or JSON lines.",
    "Enterprise: Approvals": "Approval requests, decisions and policies.",
    "Enterprise: Comments": "Comments on tickets, with mentions.",
    "Enterprise: File Attachments": "Upload and download files on tickets.",
    "Enterprise: Users and Departments": "Users, roles, permissions, departments and teams.",
    "Enterprise: Ticket Settings": (
        "Templates, routing rules, tags, sections, saved replies, macros, views."
    ),
    "Enterprise: Audit log": "Who changed what on tickets and in settings, when and from where.",
    "Enterprise: Service Levels": "SLA policies, business calendars and compliance.",
    "Enterprise: Reports and Analytics": "Reports, and exports of tickets.",
    "Enterprise: Webhooks": "Send events to other systems.",
    "Enterprise: Notifications": "The caller's notifications.",
    "Webhooks": "Enterprise: requests that are sent to your webhook URL.",
    "Files": "Download uploaded files.",
}


def customize_openapi(api: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Add security schemes, tags, uploads and error responses to `/openapi.json`."""
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    default_openapi = api.openapi

    def build_openapi() -> OpenApiPart:
        if api.openapi_schema is None:
            document = default_openapi()
            document["components"]["securitySchemes"] = SECURITY_SCHEMES
            document["security"] = [{name: []} for name in SECURITY_SCHEMES]
            document["tags"] = [
                {"name": name, "description": description}
                for name, description in TAG_DESCRIPTIONS.items()
            ]
            for route, operation in _iter_operations(routes, document):
                _complete_operation(route, operation)
            for unused_schema in ("HTTPValidationError", "ValidationError"):
                document["components"]["schemas"].pop(unused_schema, None)
            api.openapi_schema = document
        return api.openapi_schema

    api.openapi = build_openapi  # type: ignore[method-assign]


def _iter_operations(
    routes: Iterable[APIRoute], document: OpenApiPart
) -> Iterator[tuple[APIRoute, OpenApiPart]]:
    for route in routes:
        if route.include_in_schema:
            for method in route.methods or ():
                yield route, document["paths"][route.path_format][method.lower()]


def _complete_operation(route: APIRoute, operation: OpenApiPart) -> None:
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422", "")):
        del responses["422"]
    if not any(status.startswith("4") for status in responses):
        responses["4XX"] = ERROR_RESPONSE
    if "POST" in (route.methods or ()):
        operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY_PARAMETER)
    if "upload" in inspect.signature(route.endpoint).parameters:
        operation.setdefault("requestBody", UPLOAD_REQUEST_BODY)
    if getattr(route, "allows_anonymous", False):
        operation["security"] = []
