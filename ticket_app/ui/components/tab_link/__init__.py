"""A tab that is a link."""

from typing import Final

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

SOURCE: Final = rx.asset("component.tsx", shared=True)


class TabLink(ReactRouterLink):
    """A link in a row of tabs; the one with `aria_current` "page" is scrolled into view."""

    library = SOURCE.importable_path
    tag = "TabLink"
    alias = "TabLink"
