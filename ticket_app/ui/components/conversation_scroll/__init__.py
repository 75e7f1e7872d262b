"""The scroll area of a ticket: it opens at the end and stays there while new items arrive."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

SOURCE: Final = rx.asset("component.tsx", shared=True)


class ConversationScroll(BaseHTML):
    """Scrolls its one child, the conversation."""

    library = SOURCE.importable_path
    tag = "ConversationScroll"
