"""Reports and Analytics."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ticket_system_sdk.call import Call
from ticket_system_sdk.figures import Dashboard, Performance
from ticket_system_sdk.files import put
from ticket_system_sdk.resource import Resource, known, moment, sendable


class Reports(Resource):
    """Figures, and tickets by the file."""

    def dashboard(self, *, period: str = "30d", department_id: int | None = None) -> Dashboard:
        """Dashboard Metrics of a period such as "7d". Raises `PermissionDenied`."""
        params = known(period=period, department_id=department_id)
        return self._one(Dashboard, Call(method="GET", path="/reports/dashboard", params=params))

    def performance(
        self, *, start_date: date | str | None = None, end_date: date | str | None = None
    ) -> Performance:
        """How agents and teams did, both days included. Raises `PermissionDenied`."""
        params = _days(start_date, end_date)
        call = Call(method="GET", path="/reports/performance", params=params)
        return self._one(Performance, call)

    def performance_file(
        self,
        to: str | os.PathLike[str],
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        format: Literal["csv", "xlsx"] = "csv",  # noqa: A002
    ) -> Path:
        """The same written to a file. Raises `PermissionDenied`, `ConnectionFailed`, `OSError`."""
        params = {**_days(start_date, end_date), "format": format}
        return self._fetch("/reports/performance", params, to)

    def export(
        self,
        to: str | os.PathLike[str],
        *,
        type: str = "tickets",  # noqa: A002
        format: Literal["csv", "json", "xlsx"] = "csv",  # noqa: A002
        filters: Mapping[str, Any] | None = None,
    ) -> Path:
        """Write every ticket that the filters let through to a file, as it comes in.

        The file appears when it is whole. Raises `PermissionDenied`, `ValidationError`,
        `ConnectionFailed` if it broke off, `OSError`.
        """
        params = {"type": type, "format": format, "filters": json.dumps(sendable(filters or {}))}
        return self._fetch("/reports/export", params, to)

    def _fetch(self, path: str, params: dict[str, Any], to: str | os.PathLike[str]) -> Path:
        call = Call(method="GET", path=path, params=params, headers={"Accept": "*/*"})
        with self._transport.stream(call) as answer:
            return put(answer.iter_bytes(), to)


def _days(start: date | str | None, end: date | str | None) -> dict[str, Any]:
    return {"start_date": moment(start), "end_date": moment(end), "format": "json"}
