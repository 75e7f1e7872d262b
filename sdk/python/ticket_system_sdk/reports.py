"""Reports and Analytics."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ticket_system_sdk.call import Call
from ticket_system_sdk.files import write_file
from ticket_system_sdk.report_models import Dashboard, Performance
from ticket_system_sdk.resource import Resource, iso_format, json_values, without_none


class Reports(Resource):
    """Dashboards, performance reports and exports."""

    def dashboard(self, *, period: str = "30d", department_id: int | None = None) -> Dashboard:
        """Return the Dashboard Metrics of a period such as "7d". Raises `PermissionDenied`."""
        params = without_none(period=period, department_id=department_id)
        return self._one(Dashboard, Call(method="GET", path="/reports/dashboard", params=params))

    def performance(
        self, *, start_date: date | str | None = None, end_date: date | str | None = None
    ) -> Performance:
        """Return the performance of agents and teams; both days are included.

        Raises `PermissionDenied`.
        """
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
        """Write the performance report to a file.

        Raises `PermissionDenied`, `ConnectionFailed`, `OSError`.
        """
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
        """Stream the tickets that match the filters to a file.

        The file appears when it is complete. Raises `PermissionDenied`, `ValidationError`,
        `ConnectionFailed` if the download is interrupted, `OSError`.
        """
        params = {"type": type, "format": format, "filters": json.dumps(json_values(filters or {}))}
        return self._fetch("/reports/export", params, to)

    def _fetch(self, path: str, params: dict[str, Any], to: str | os.PathLike[str]) -> Path:
        call = Call(method="GET", path=path, params=params, headers={"Accept": "*/*"})
        with self._transport.stream(call) as answer:
            return write_file(answer.iter_bytes(), to)


def _days(start: date | str | None, end: date | str | None) -> dict[str, Any]:
    return {"start_date": iso_format(start), "end_date": iso_format(end), "format": "json"}
