"""The analytics page: metrics, charts whose titles state the finding, and agent performance."""

from __future__ import annotations

from typing import Any

import reflex as rx
from plotly.graph_objs.layout import Template

from ticket_app.ui import widgets as w
from ticket_app.ui.pages.analytics import charts
from ticket_app.ui.pages.analytics.rows import PERIODS
from ticket_app.ui.pages.analytics.state import Analytics
from ticket_app.ui.pages.desk.layout import desk_page

PLOTLY_CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False}
COLUMNS = (
    ("Open", "Assigned to them and not done, at this moment"),
    ("Assigned", "Filed in this period and with them now"),
    ("Resolved", "Resolved in this period"),
    ("Replies", "Public replies they wrote"),
    ("First reply", "Mean time to the first reply"),
    ("To resolve", "Mean time from filing to resolution"),
    ("SLA met", "Share of the SLA targets that were met"),
    ("Rating", "Mean rating by requesters, of 5"),
)


def _menu(label: Any, name: str, *items: rx.Component) -> rx.Component:
    return w.menu_root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                label,
                rx.icon("chevron-down", size=14),
                type="button",
                class_name="filter",
                aria_label=name,
            )
        ),
        rx.dropdown_menu.content(*items, size="1"),
    )


def _filters() -> tuple[rx.Component, ...]:
    return (
        _menu(
            Analytics.period_label,
            "Period",
            *(
                rx.dropdown_menu.item(word, on_select=Analytics.filter_by("period", value))
                for value, word in PERIODS.items()
            ),
        ),
        rx.cond(
            Analytics.departments.length() > 0,
            _menu(
                rx.cond(
                    Analytics.department_name != "",
                    w.user_text(Analytics.department_name),
                    "All departments",
                ),
                "Department",
                rx.dropdown_menu.item(
                    "All departments", on_select=Analytics.filter_by("department", "")
                ),
                rx.foreach(
                    Analytics.departments,
                    lambda one: rx.dropdown_menu.item(
                        one[1], on_select=Analytics.filter_by("department", one[0])
                    ),
                ),
            ),
        ),
    )


def _export_menu() -> rx.Component:
    return rx.cond(
        Analytics.is_loaded & (Analytics.denied_reason == ""),
        w.menu_root(
            rx.dropdown_menu.trigger(w.button("Export tickets", icon="download")),
            rx.dropdown_menu.content(
                *(
                    rx.dropdown_menu.item(word, on_select=Analytics.export_tickets(form))
                    for form, word in (("csv", "CSV"), ("xlsx", "Excel"))
                ),
                size="1",
                align="end",
            ),
        ),
    )


def _metric_card(one: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(
            one.href != "",
            w.link(one.name, to=one.href, class_name="number-name number-link"),
            rx.el.span(one.name, class_name="number-name"),
        ),
        rx.el.span(
            rx.el.strong(one.value, class_name="nums"),
            rx.cond(
                one.change != "",
                rx.el.span(one.change, class_name="number-change nums", data_tone=one.tone),
            ),
            class_name="number-line",
        ),
        rx.el.span(
            one.hint,
            rx.foreach(
                one.parts,
                lambda part: w.link(part.text, to=part.href, class_name="number-part"),
            ),
            class_name="soft number-hint",
        ),
        rx.cond(
            one.sparkline != "",
            rx.el.svg(
                rx.el.svg.polyline(points=one.sparkline),
                view_box="0 0 96 24",
                preserve_aspect_ratio="none",
                class_name="spark",
                aria_hidden="true",
            ),
        ),
        class_name="number",
        key=one.name,
    )


def _plotly_template() -> Any:
    """Return the Plotly template of the current theme."""
    look: Any = rx.color_mode_cond(
        light=rx.Var.create(charts.plotly_template(charts.LIGHT)),
        dark=rx.Var.create(charts.plotly_template(charts.DARK)),
    )
    return look.to(Template)


def _chart_panel(
    summary: Any,
    chart: Any,
    name: str,
    *,
    description: str,
    is_wide: bool = False,
    empty: Any = None,
) -> rx.Component:
    plot = rx.plotly.basic(
        data=chart,
        config=PLOTLY_CONFIG,
        template=_plotly_template(),
        width="100%",
    )
    return rx.el.figure(
        rx.el.figcaption(
            rx.el.h2(summary.title),
            rx.el.span(description, class_name="soft"),
        ),
        rx.el.div(
            plot if empty is None else rx.cond(empty, plot),
            class_name="plot",
            role="img",
            aria_label=summary.title,
        ),
        rx.el.div(
            rx.foreach(
                summary.links,
                lambda link: w.link(link.text, to=link.href, class_name="text-link nums"),
            ),
            rx.el.button(
                "Download",
                type="button",
                class_name="text-link figure-download",
                on_click=Analytics.download_csv(name),
                aria_label="Download the numbers: " + description,
            ),
            class_name="figure-foot",
        ),
        class_name="panel wide-panel" if is_wide else "panel",
    )


def _count_link(link: Any) -> rx.Component:
    """Return a number that links to the tickets it counts."""
    return rx.cond(
        link.href != "", w.link(link.text, to=link.href, class_name="count-link"), link.text
    )


def _person_row(row: Any) -> rx.Component:
    cells = (
        _count_link(row.open_now),
        _count_link(row.assigned),
        _count_link(row.resolved),
        row.replies,
        _count_link(row.response),
        _count_link(row.resolution),
        _count_link(row.compliance),
        _count_link(row.satisfaction),
    )
    return rx.el.tr(
        rx.el.th(
            w.link(
                w.person_name(row.initials, row.name, row.color),
                to=row.open_now.href,
                class_name="person-link",
            ),
            rx.cond(row.team != "", rx.el.span(row.team, class_name="soft", dir="auto")),
            scope="row",
        ),
        *(rx.el.td(cell, class_name="nums") for cell in cells),
        key=row.id,
    )


def _people_table() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2("All agents"), class_name="panel-head"),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th("Agent", scope="col"),
                        *(rx.el.th(name, scope="col", title=hint) for name, hint in COLUMNS),
                    )
                ),
                rx.el.tbody(rx.foreach(Analytics.rows, _person_row)),
                class_name="table",
            ),
            class_name="table-scroll",
            tab_index=0,
            role="region",
            aria_label="Figures of all agents",
        ),
        class_name="panel wide-panel",
    )


def _dashboard() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.foreach(Analytics.metrics, _metric_card),
            class_name="numbers",
            role="group",
            aria_label="Numbers",
        ),
        rx.cond(
            Analytics.has_data,
            rx.el.div(
                _chart_panel(
                    Analytics.flow,
                    Analytics.flow_figure,
                    "flow",
                    description="Filed and resolved over time",
                    is_wide=True,
                ),
                _chart_panel(
                    Analytics.categories,
                    Analytics.categories_figure,
                    "categories",
                    description="Filed, by category",
                ),
                _chart_panel(
                    Analytics.people,
                    Analytics.people_figure,
                    "people",
                    description="Resolved, by who has the ticket",
                    empty=Analytics.rows.length() > 0,
                ),
                _people_table(),
                class_name="panels",
            ),
            w.empty_state(
                "chart-line",
                "Nothing happened in this period",
                "Choose a longer one, or come back when tickets have come in.",
            ),
        ),
        class_name="board",
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        rx.el.div(*(rx.el.div(class_name="number bone") for _ in range(6)), class_name="numbers"),
        rx.el.div(
            rx.el.div(class_name="panel wide-panel bone"),
            rx.el.div(class_name="panel bone"),
            rx.el.div(class_name="panel bone"),
            class_name="panels",
        ),
        class_name="board",
        aria_hidden="true",
    )


def analytics_page() -> rx.Component:
    return desk_page(
        w.desk_header("Analytics", *_filters(), tools=(_export_menu(),)),
        rx.cond(
            Analytics.is_loaded,
            rx.cond(
                Analytics.denied_reason != "",
                w.empty_state("lock", "The figures are for managers", Analytics.denied_reason),
                _dashboard(),
            ),
            _skeleton(),
        ),
        current_page="analytics",
    )
