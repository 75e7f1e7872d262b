"""The analytics page: metrics, charts whose titles state the finding, and agent performance."""

from __future__ import annotations

import plotly.graph_objects as go
import reflex as rx
from plotly.graph_objs.layout import Template

from ticket_app.ui import widgets as w
from ticket_app.ui.pages.analytics import charts, texts
from ticket_app.ui.pages.analytics.own import MetricGroup
from ticket_app.ui.pages.analytics.rows import PERIODS, ChartSummary, Link, Metric, PersonRow
from ticket_app.ui.pages.analytics.state import Analytics
from ticket_app.ui.pages.desk.layout import desk_page
from ticket_app.ui.widgets.vars import Text

PLOTLY_CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False}
COLUMNS = (
    (texts.ANALYTICS_OPEN, texts.ANALYTICS_OPEN_HINT),
    (texts.ANALYTICS_ASSIGNED, texts.ANALYTICS_ASSIGNED_HINT),
    (texts.RESOLVED, texts.ANALYTICS_RESOLVED_HINT),
    (texts.ANALYTICS_REPLIES, texts.ANALYTICS_REPLIES_HINT),
    (texts.ANALYTICS_TIME, texts.ANALYTICS_TIME_HINT),
    (texts.ANALYTICS_FIRST_REPLY, texts.ANALYTICS_FIRST_REPLY_HINT),
    (texts.ANALYTICS_RESOLUTION, texts.ANALYTICS_RESOLUTION_HINT),
    (texts.ANALYTICS_SLA_MET, texts.ANALYTICS_SLA_HINT),
    (texts.ANALYTICS_RATING, texts.ANALYTICS_RATING_HINT),
)


def _menu(label: Text | rx.Component, name: str, *items: rx.Component) -> rx.Component:
    return w.menu_root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                label,
                rx.icon("chevron-down", size=14),
                type="button",
                class_name="filter-button",
                aria_label=name,
            )
        ),
        rx.dropdown_menu.content(*items, size="1"),
    )


def _filters() -> tuple[rx.Component, ...]:
    return (
        _menu(
            Analytics.period_label,
            texts.ANALYTICS_PERIOD,
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
                    texts.ANALYTICS_ALL_DEPARTMENTS,
                ),
                texts.ANALYTICS_DEPARTMENT,
                rx.dropdown_menu.item(
                    texts.ANALYTICS_ALL_DEPARTMENTS, on_select=Analytics.filter_by("department", "")
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
        Analytics.is_loaded & (Analytics.denied_reason == "") & (Analytics.groups.length() == 0),
        w.menu_root(
            rx.dropdown_menu.trigger(w.button(texts.ANALYTICS_EXPORT, icon="download")),
            rx.dropdown_menu.content(
                *(
                    rx.dropdown_menu.item(word, on_select=Analytics.export_tickets(form))
                    for form, word in (("csv", "CSV"), ("xlsx", texts.ANALYTICS_EXPORT_EXCEL))
                ),
                size="1",
                align="end",
            ),
        ),
    )


def _metric_card(one: rx.Var[Metric]) -> rx.Component:
    return rx.el.div(
        rx.cond(
            one.href != "",
            w.link(one.name, to=one.href, class_name="metric-name metric-link"),
            rx.el.span(one.name, class_name="metric-name"),
        ),
        rx.el.span(
            rx.el.strong(one.value, class_name="tabular-numbers"),
            rx.cond(
                one.change != "",
                rx.el.span(
                    one.change, class_name="metric-change tabular-numbers", data_tone=one.tone
                ),
            ),
            class_name="metric-value",
        ),
        rx.el.span(
            one.hint,
            rx.foreach(
                one.parts,
                lambda part: w.link(part.text, to=part.href, class_name="metric-breakdown"),
            ),
            class_name="text-muted metric-hint",
        ),
        rx.cond(
            one.sparkline != "",
            rx.el.svg(
                rx.el.svg.polyline(points=one.sparkline),
                view_box="0 0 96 24",
                preserve_aspect_ratio="none",
                class_name="sparkline",
                aria_hidden="true",
            ),
        ),
        class_name="metric-card",
        key=one.name,
    )


def _plotly_template() -> rx.Var[Template]:
    """Return the Plotly template of the current theme."""
    look = rx.color_mode_cond(
        light=rx.Var.create(charts.plotly_template(charts.LIGHT)),
        dark=rx.Var.create(charts.plotly_template(charts.DARK)),
    )
    return look.to(Template)


def _chart_panel(
    summary: rx.Var[ChartSummary],
    chart: rx.Var[go.Figure],
    name: str,
    *,
    description: str,
    is_wide: bool = False,
    has_data: rx.Var[bool] | None = None,
) -> rx.Component:
    chart_component = rx.plotly.basic(
        data=chart,
        config=PLOTLY_CONFIG,
        template=_plotly_template(),
        width="100%",
    )
    return rx.el.figure(
        rx.el.figcaption(
            rx.el.h2(summary.title),
            rx.el.span(description, class_name="text-muted"),
        ),
        rx.el.div(
            chart_component if has_data is None else rx.cond(has_data, chart_component),
            class_name="chart",
            role="img",
            aria_label=summary.title,
        ),
        rx.el.div(
            rx.foreach(
                summary.links,
                lambda link: w.link(
                    link.text, to=link.href, class_name="text-link tabular-numbers"
                ),
            ),
            rx.el.button(
                texts.ANALYTICS_DOWNLOAD,
                type="button",
                class_name="text-link chart-download",
                on_click=Analytics.download_csv(name),
                aria_label=texts.analytics_download_numbers(description),
            ),
            class_name="chart-footer",
        ),
        class_name="dashboard-panel full-width-panel" if is_wide else "dashboard-panel",
    )


def _count_link(link: rx.Var[Link]) -> rx.Component:
    """Return a number that links to the tickets it counts."""
    return rx.cond(
        link.href != "", w.link(link.text, to=link.href, class_name="count-link"), link.text
    )


def _person_row(row: rx.Var[PersonRow]) -> rx.Component:
    values = (
        _count_link(row.open_now),
        _count_link(row.assigned),
        _count_link(row.resolved),
        row.replies,
        row.time,
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
            rx.cond(row.team != "", rx.el.span(row.team, class_name="text-muted", dir="auto")),
            scope="row",
        ),
        *(rx.el.td(value, class_name="tabular-numbers") for value in values),
        key=row.id,
    )


def _people_table() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(texts.ANALYTICS_AGENTS), class_name="dashboard-panel-header"),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(texts.ANALYTICS_AGENT, scope="col"),
                        *(rx.el.th(name, scope="col", title=hint) for name, hint in COLUMNS),
                    )
                ),
                rx.el.tbody(rx.foreach(Analytics.rows, _person_row)),
                class_name="table",
            ),
            class_name="table-scroll",
            tab_index=0,
            role="region",
            aria_label=texts.ANALYTICS_AGENTS_LABEL,
        ),
        class_name="dashboard-panel full-width-panel",
    )


def _dashboard() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.foreach(Analytics.metrics, _metric_card),
            class_name="metrics",
            role="group",
            aria_label=texts.ANALYTICS_METRICS,
        ),
        rx.cond(
            Analytics.has_data,
            rx.el.div(
                _chart_panel(
                    Analytics.flow,
                    Analytics.flow_figure,
                    "flow",
                    description=texts.ANALYTICS_FLOW,
                    is_wide=True,
                ),
                _chart_panel(
                    Analytics.categories,
                    Analytics.categories_figure,
                    "categories",
                    description=texts.ANALYTICS_CATEGORIES,
                ),
                _chart_panel(
                    Analytics.people,
                    Analytics.people_figure,
                    "people",
                    description=texts.ANALYTICS_PEOPLE,
                    has_data=Analytics.rows.length() > 0,
                ),
                rx.cond(
                    Analytics.time.headline != "",
                    rx.el.section(
                        rx.el.div(
                            rx.el.h2(Analytics.time.headline),
                            rx.el.p(
                                Analytics.time.estimates,
                                class_name="text-muted text-small tabular-numbers",
                            ),
                            class_name="dashboard-panel-header",
                        ),
                        class_name="dashboard-panel full-width-panel time-report",
                    ),
                ),
                _people_table(),
                class_name="dashboard-panels",
            ),
            w.empty_state(
                "chart-line",
                texts.ANALYTICS_EMPTY_TITLE,
                texts.ANALYTICS_EMPTY_HINT,
            ),
        ),
        class_name="dashboard",
    )


def _metric_group(group: rx.Var[MetricGroup]) -> rx.Component:
    """Return the metrics of the agent, or of their team."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(w.user_text(group.title)),
            rx.el.span(group.hint, class_name="text-muted"),
            class_name="metric-group-header",
        ),
        rx.el.div(rx.foreach(group.metrics, _metric_card), class_name="metrics"),
        aria_label=group.title,
        class_name="metric-group",
        key=group.title,
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            *(rx.el.div(class_name="metric-card skeleton-card") for _ in range(6)),
            class_name="metrics",
        ),
        rx.el.div(
            rx.el.div(class_name="dashboard-panel full-width-panel skeleton-card"),
            rx.el.div(class_name="dashboard-panel skeleton-card"),
            rx.el.div(class_name="dashboard-panel skeleton-card"),
            class_name="dashboard-panels",
        ),
        class_name="dashboard",
        aria_hidden="true",
    )


def analytics_page() -> rx.Component:
    return desk_page(
        w.desk_header(texts.ANALYTICS_TITLE, *_filters(), tools=(_export_menu(),)),
        rx.cond(
            Analytics.is_loaded,
            rx.cond(
                Analytics.denied_reason != "",
                w.empty_state("lock", texts.ANALYTICS_DENIED_TITLE, Analytics.denied_reason),
                rx.cond(
                    Analytics.groups.length() > 0,
                    rx.el.div(rx.foreach(Analytics.groups, _metric_group), class_name="dashboard"),
                    _dashboard(),
                ),
            ),
            _skeleton(),
        ),
        current_page="analytics",
    )
