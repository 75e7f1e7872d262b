"""SQL functions on timestamps that work the same on SQLite (where they are text) and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import Float, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class seconds_between(GenericFunction[float]):  # noqa: N801 - it reads as a function of SQL
    """The seconds between two timestamp columns."""

    type = Float()
    inherit_cache = True


class day_of(GenericFunction[str]):  # noqa: N801
    """The day of a timestamp column as YYYY-MM-DD, in UTC or with an offset from UTC in seconds."""

    type = String()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _compile_seconds_between_sqlite(
    element: seconds_between, compiler: SQLCompiler, **options: object
) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"((julianday({end}) - julianday({start})) * 86400.0)"


@compiles(seconds_between, "postgresql")
def _compile_seconds_between_postgresql(
    element: seconds_between, compiler: SQLCompiler, **options: object
) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM ({end} - {start})) AS DOUBLE PRECISION)"


@compiles(day_of, "sqlite")
def _compile_day_of_sqlite(element: day_of, compiler: SQLCompiler, **options: object) -> str:
    moment, *utc_offset = (compiler.process(clause, **options) for clause in element.clauses)
    if not utc_offset:
        return f"substr({moment}, 1, 10)"
    return f"date(substr({moment}, 1, 19), {utc_offset[0]} || ' seconds')"


@compiles(day_of, "postgresql")
def _compile_day_of_postgresql(element: day_of, compiler: SQLCompiler, **options: object) -> str:
    moment, *utc_offset = (compiler.process(clause, **options) for clause in element.clauses)
    local = f"{moment} AT TIME ZONE 'UTC'"
    if utc_offset:
        local = f"({local}) + make_interval(secs => CAST({utc_offset[0]} AS INTEGER))"
    return f"to_char({local}, 'YYYY-MM-DD')"
