"""Reports and Analytics."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ticket_system_sdk.call import Call
from ticket_system_sdk.operation import Operation, one, saved
from ticket_system_sdk.report_models import Dashboard, Performance
from ticket_system_sdk.resource import Resource, endpoint, iso_format, json_values, without_none
from ticket_system_sdk.transport import TransportT


class Reports(Resource[TransportT]):
    """Dashboards, performance reports and exports."""

    @endpoint
    def dashboard(
        self, *, period: str = "30d", department_id: int | None = None
    ) -> Operation[Dashboard]:
        """Return the Dashboard Metrics of a period such as "7d". Raises `PermissionDenied`."""
        params = without_none(period=period, department_id=department_id)
        return one(Dashboard, Call(method="GET", path="/reports/dashboard", params=params))

    @endpoint
    def performance(
        self, *, start_date: date | str | None = None, end_date: date | str | None = None
    ) -> Operation[Performance]:
        """Return the performance of agents and teams; both days are included.

        Raises `PermissionDenied`.
        """
        params = _days(start_date, end_date)
        call = Call(method="GET", path="/reports/performance", params=params)
        return one(Performance, call)

    @endpoint
    def performance_file(
        self,
        to: str | os.PathLike[str],
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        format: Literal["csv", "xlsx"] = "csv",  # noqa: A002
    ) -> Operation[Path]:
        """Write the performance report to a file.

        Raises `PermissionDenied`, `ConnectionFailed`, `OSError`.
        """
        params = {**_days(start_date, end_date), "format": format}
        return _file("/reports/performance", params, to)

    @endpoint
    def export(
        self,
        to: str | os.PathLike[str],
        *,
        type: str = "tickets",  # noqa: A002
        format: Literal["csv", "json", "xlsx"] = "csv",  # noqa: A002
        filters: Mapping[str, Any] | None = None,
    ) -> Operation[Path]:
        """Stream the tickets that match the filters to a file.

        The file appears when it is complete. Raises `PermissionDenied`, `ValidationError`,
        `ConnectionFailed` if the download is interrupted, `OSError`.
        """
        params = {"type": type, "format": format, "filters": json.dumps(json_values(filters or {}))}
        return _file("/reports/export", params, to)


def _file(path: str, params: dict[str, Any], to: str | os.PathLike[str]) -> Operation[Path]:
    return saved(Call(method="GET", path=path, params=params, headers={"Accept": "*/*"}), to)


def _days(start: date | str | None, end: date | str | None) -> dict[str, Any]:
    return {"start_date": iso_format(start), "end_date": iso_format(end), "format": "json"}
