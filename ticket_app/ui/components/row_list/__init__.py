"""Lists with keyboard navigation and range selection."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from ticket_app.ui.components import dom as dom
from ticket_app.ui.components import layout_panels as layout_panels

SOURCE: Final = rx.asset("component.tsx", shared=True)
for _name in ("navigation.ts", "selection.ts"):
    rx.asset(_name, shared=True)


class RowList(BaseHTML):
    """Rows with `data_row` and a link: j, k and arrows move, Enter opens, Space opens the preview.

    A checkbox with `data_row_checkbox` selects its row: x, Shift-click, Shift and an arrow.
    A button with `data_row_shortcut` is clicked by that key while its row has the focus.
    """

    library = SOURCE.importable_path
    tag = "RowList"
