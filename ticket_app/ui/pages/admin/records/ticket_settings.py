"""Templates, routing rules and sections as kinds of objects with a settings page."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import ClassVar, Final, cast

import reflex as rx

from ticket_app.core.platform.errors import Forbidden
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.validators import split_tags
from ticket_app.core.platform.vocabulary import AssignmentMethod
from ticket_app.core.tickets import routing_rules, sections, templates
from ticket_app.core.tickets.settings_rows import RoutingRuleRow, TemplateRow
from ticket_app.ui import bridge, routes
from ticket_app.ui.field_values import CATEGORY_LABELS
from ticket_app.ui.pages.admin.approvals.rows import KIND_PLURALS
from ticket_app.ui.pages.admin.fields import KIND_OPTIONS, PRIORITY_OPTIONS, join_words
from ticket_app.ui.pages.admin.records import texts
from ticket_app.ui.pages.admin.records.kinds import (
    NAME_FIELD,
    Field,
    RecordForm,
    RecordKind,
    RecordRow,
    search_and_paginate,
    single_option,
    text_of,
)
from ticket_app.ui.pages.admin.records.state import RecordList, SwitchableRecordDialog

METHOD_NAMES: Final[dict[str, str]] = {
    AssignmentMethod.TEAM_ONLY: texts.RULE_TEAM_ONLY,
    AssignmentMethod.ROUND_ROBIN: texts.RULE_ROUND_ROBIN,
    AssignmentMethod.LEAST_OPEN: texts.RULE_LEAST_OPEN,
    AssignmentMethod.PERSON: texts.RULE_PERSON,
}
ORDER_FIELD: Final = Field("rank", texts.FIELD_ORDER, "number", hint=texts.ORDER_HINT)
NOT_SET: Final = ("", texts.TEMPLATE_NOT_SET)
TEMPLATE_VALUES: Final = ("title", "description", "kind", "category", "priority", "section", "tags")
"""The values of a template that the dialog shows; others, set through the API, are kept."""


def _without_name(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name != "name"}


def _list_templates(
    uow: UnitOfWork, search: str, page_request: PageRequest
) -> tuple[list[RecordRow], int]:
    return search_and_paginate(
        list(map(_template_row, templates.list_templates(uow))), search, page_request
    )


def _template_row(row: TemplateRow) -> RecordRow:
    return RecordRow(
        row.id,
        row.name,
        row.summary or str(row.ticket_values.get("title", "")),
        texts.TEMPLATE_STAFF_ONLY_NOTE if row.is_staff_only else "",
        row.is_active,
    )


def _template_form(uow: UnitOfWork, template_id: int) -> RecordForm:
    routing_rules.ensure_can_configure(uow)
    row = templates.get_template(uow, template_id)
    values = {name: row.ticket_values.get(name) for name in TEMPLATE_VALUES}
    values["tags"] = ", ".join(cast("list[str]", row.ticket_values.get("tags", [])))
    return TEMPLATES.form(
        row.name,
        name=row.name,
        summary=row.summary,
        is_staff_only=row.is_staff_only,
        rank=row.rank,
        **values,
    )


def _template_fields(
    values: Mapping[str, object], kept_values: Mapping[str, object]
) -> dict[str, object]:
    shown = {name: values[name] for name in TEMPLATE_VALUES}
    return {
        "summary": values["summary"],
        "is_staff_only": values["is_staff_only"],
        "rank": values["rank"],
        "ticket_values": {
            **kept_values,
            **shown,
            "tags": [tag.strip() for tag in split_tags(text_of(values, "tags"))],
        },
    }


def _update_template(uow: UnitOfWork, template_id: int, values: Mapping[str, object]) -> None:
    row = templates.get_template(uow, template_id)
    kept = {name: row.ticket_values[name] for name in row.ticket_values.keys() - TEMPLATE_VALUES}
    changes = {**_template_fields(values, kept), "name": text_of(values, "name")}
    templates.update_template(uow, template_id, changes)


def _section_options(uow: UnitOfWork) -> list[tuple[str, str]]:
    return sections.list_offered(uow)


TEMPLATES: Final = RecordKind(
    key="template",
    path=routes.ADMIN_TEMPLATES,
    noun=texts.TEMPLATE,
    hint=texts.TEMPLATE_HINT,
    search_label=texts.TEMPLATE_SEARCH,
    empty_title=texts.TEMPLATE_EMPTY,
    empty_hint=texts.TEMPLATE_EMPTY_HINT,
    delete_hint=texts.TEMPLATE_DELETE_HINT,
    fields=(
        NAME_FIELD,
        Field("summary", texts.TEMPLATE_SUMMARY, max_length=300),
        Field("title", texts.TEMPLATE_TITLE, max_length=500),
        Field("description", texts.TEMPLATE_DESCRIPTION, "text", max_length=50_000),
        Field(
            "kind",
            texts.TEMPLATE_KIND,
            "choice",
            options=[NOT_SET, *KIND_OPTIONS],
        ),
        Field(
            "category",
            texts.TEMPLATE_CATEGORY,
            "choice",
            options=[NOT_SET, *CATEGORY_LABELS.items()],
        ),
        Field(
            "priority",
            texts.TEMPLATE_PRIORITY,
            "choice",
            options=[NOT_SET, *PRIORITY_OPTIONS],
        ),
        Field("section", texts.TEMPLATE_SECTION, "choice"),
        Field("tags", texts.TEMPLATE_TAGS, hint=texts.TEMPLATE_TAGS_HINT, max_length=1300),
        Field("is_staff_only", texts.TEMPLATE_STAFF_ONLY, "flag"),
        ORDER_FIELD,
    ),
    list_rows=_list_templates,
    load=_template_form,
    load_options=lambda uow: {"section": [NOT_SET, *_section_options(uow)]},
    create=lambda uow, values: templates.create_template(
        uow, text_of(values, "name"), **_template_fields(values, {})
    ),
    update=_update_template,
    delete=templates.delete_template,
    set_active=lambda uow, row_id, is_active: templates.update_template(
        uow, row_id, {"is_active": is_active}
    ),
)


def _list_rules(
    uow: UnitOfWork, search: str, page_request: PageRequest
) -> tuple[list[RecordRow], int]:
    routing_rules.ensure_can_configure(uow)
    names = dict(_section_options(uow))
    rows = [_rule_row(row, names) for row in routing_rules.list_rules(uow)]
    return search_and_paginate(rows, search, page_request)


def _rule_row(row: RoutingRuleRow, section_names: Mapping[str, str]) -> RecordRow:
    conditions = texts.rule_conditions(
        join_words([KIND_PLURALS[kind] for kind in row.kinds], "or"),
        join_words([CATEGORY_LABELS[category] for category in row.categories], "or"),
        join_words([section_names.get(section, section) for section in row.sections], "or"),
        row.company_name or "",
    )
    target = texts.rule_target(row.team_name or "", row.method, row.assignee_name or "")
    return RecordRow(
        row.id, row.name, f"{conditions} {target}", texts.order(row.rank), row.is_active
    )


def _rule_form(uow: UnitOfWork, rule_id: int) -> RecordForm:
    routing_rules.ensure_can_configure(uow)
    row = routing_rules.get_rule(uow, rule_id)
    return RULES.form(
        row.name,
        name=row.name,
        kinds=row.kinds,
        categories=row.categories,
        sections=row.sections,
        company_id=single_option(row.company_id, row.company_name),
        team_id=single_option(row.team_id, row.team_name),
        method=row.method,
        assignee_id=single_option(row.assignee_id, row.assignee_name),
        rank=row.rank,
    )


RULES: Final = RecordKind(
    key="routing-rule",
    path=routes.ADMIN_ROUTING,
    noun=texts.RULE,
    hint=texts.RULE_HINT,
    search_label=texts.RULE_SEARCH,
    empty_title=texts.RULE_EMPTY,
    empty_hint=texts.RULE_EMPTY_HINT,
    delete_hint=texts.RULE_DELETE_HINT,
    saved_detail=texts.RULE_SAVED_DETAIL,
    fields=(
        NAME_FIELD,
        Field(
            "kinds",
            texts.RULE_KINDS,
            "choices",
            options=KIND_OPTIONS,
        ),
        Field(
            "categories", texts.RULE_CATEGORIES, "choices", options=list(CATEGORY_LABELS.items())
        ),
        Field("sections", texts.RULE_SECTIONS, "choices"),
        Field(
            "company_id",
            texts.RULE_COMPANY,
            "lookup",
            lookup="company",
            placeholder=texts.RULE_ANY_COMPANY,
        ),
        Field("team_id", texts.RULE_TEAM, "lookup", lookup="team", placeholder=texts.RULE_NO_TEAM),
        Field("method", texts.RULE_METHOD, "choice", options=list(METHOD_NAMES.items())),
        Field(
            "assignee_id",
            texts.RULE_ASSIGNEE,
            "lookup",
            hint=texts.RULE_ASSIGNEE_HINT,
            placeholder=texts.RULE_NO_ASSIGNEE,
        ),
        ORDER_FIELD,
    ),
    list_rows=_list_rules,
    load=_rule_form,
    load_options=lambda uow: {"sections": _section_options(uow)},
    create=lambda uow, values: routing_rules.create_rule(
        uow, text_of(values, "name"), **_without_name(values)
    ),
    update=lambda uow, row_id, values: routing_rules.update_rule(
        uow, row_id, {**values, "name": text_of(values, "name")}
    ),
    delete=routing_rules.delete_rule,
    set_active=lambda uow, row_id, is_active: routing_rules.update_rule(
        uow, row_id, {"is_active": is_active}
    ),
)


def _list_sections(
    uow: UnitOfWork, search: str, page_request: PageRequest
) -> tuple[list[RecordRow], int]:
    routing_rules.ensure_can_configure(uow)
    rows = [
        RecordRow(
            row.id,
            row.name,
            texts.section_value(row.value) if row.value != row.name else "",
            texts.order(row.rank),
            row.is_active,
        )
        for row in sections.list_stored_sections(uow)
    ]
    return search_and_paginate(rows, search, page_request)


def _section_form(uow: UnitOfWork, section_id: int) -> RecordForm:
    routing_rules.ensure_can_configure(uow)
    row = sections.get_section(uow, section_id)
    return SECTIONS.form(row.name, name=row.name, rank=row.rank)


SECTIONS: Final = RecordKind(
    key="section",
    path=routes.ADMIN_SECTIONS,
    noun=texts.SECTION,
    hint=texts.SECTION_HINT,
    search_label=texts.SECTION_SEARCH,
    empty_title=texts.SECTION_EMPTY,
    empty_hint=texts.SECTION_EMPTY_HINT,
    delete_hint=texts.SECTION_DELETE_HINT,
    fields=(NAME_FIELD, ORDER_FIELD),
    list_rows=_list_sections,
    load=_section_form,
    create=lambda uow, values: sections.create_section(
        uow, text_of(values, "name"), rank=values["rank"]
    ),
    update=lambda uow, row_id, values: sections.update_section(
        uow, row_id, {**values, "name": text_of(values, "name")}
    ),
    delete=sections.delete_section,
    set_active=lambda uow, row_id, is_active: sections.update_section(
        uow, row_id, {"is_active": is_active}
    ),
)


class TemplateList(RecordList, rx.State):
    """The list of templates."""

    _kind: ClassVar[RecordKind] = TEMPLATES


class TemplateDialog(SwitchableRecordDialog, rx.State):
    """The template in the open dialog."""

    _kind: ClassVar[RecordKind] = TEMPLATES


class RoutingRuleList(RecordList, rx.State):
    """The list of routing rules."""

    _kind: ClassVar[RecordKind] = RULES


class RoutingRuleDialog(SwitchableRecordDialog, rx.State):
    """The routing rule in the open dialog."""

    _kind: ClassVar[RecordKind] = RULES


class SectionList(RecordList, rx.State):
    """The list of sections."""

    _kind: ClassVar[RecordKind] = SECTIONS

    @bridge.event
    async def load(self) -> None:
        """List the sections; the first time, store the configured ones."""
        await self._load_from_address()
        if self.rows or self.is_searching or self.denied_reason:
            return
        with suppress(Forbidden):
            await bridge.write(self, sections.store_configured_sections_once)
            await self._load_from_address()


class SectionDialog(SwitchableRecordDialog, rx.State):
    """The section in the open dialog."""

    _kind: ClassVar[RecordKind] = SECTIONS
