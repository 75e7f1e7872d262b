"""The banner that shows while the server cannot be reached."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

SOURCE: Final = rx.asset("component.tsx", shared=True)
rx.asset("connection.ts", shared=True)


class OfflineBanner(BaseHTML):
    """Shows its children while the server cannot be reached."""

    library = SOURCE.importable_path
    tag = "OfflineBanner"
