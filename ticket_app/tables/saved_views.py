"""Saved views of the queue, and which of them a person has pinned or opens first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import Json, UtcDateTime, VocabularyString

IS_DEFAULT = text("is_default")


class SavedView(SQLModel, table=True):
    """A named list of tickets; `scope` is `me` (its owner), `team` or `everyone`.

    A deleted view keeps its row until its owner makes or deletes one a day later, for the undo.
    """

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_scope", "scope", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80)
    icon: str = Field(max_length=40)
    scope: str = Field(sa_type=VocabularyString)
    owner_id: int = Field(foreign_key="person.id", index=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    conditions: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    search: str = Field(default="", max_length=200)
    sort: str = Field(sa_type=VocabularyString)
    descending: bool
    columns: list[str] = Field(default_factory=list, sa_type=Json)
    group_by: str = Field(default="", sa_type=VocabularyString)
    layout: str = Field(sa_type=VocabularyString)
    density: str = Field(sa_type=VocabularyString)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SavedViewChoice(SQLModel, table=True):
    """That a person has pinned a view (`rank` is its place) or opens the queue with it."""

    __tablename__ = "saved_view_choice"
    __table_args__ = (
        Index(
            "uq_saved_view_choice_default",
            "person_id",
            unique=True,
            sqlite_where=IS_DEFAULT,
            postgresql_where=IS_DEFAULT,
        ),
        Index("ix_saved_view_choice_view", "saved_view_id"),
    )

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    saved_view_id: int = Field(foreign_key="saved_view.id", primary_key=True)
    rank: int | None = None
    is_default: bool = False
