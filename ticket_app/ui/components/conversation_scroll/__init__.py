"""The scroll area of a ticket: it opens at the end and stays there while new items arrive.

Further up, a button says how many messages have arrived; sending one's own goes to the end.
"""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from ticket_app.ui.components import dom as dom
from ticket_app.ui.components import texts as texts

SOURCE: Final = rx.asset("component.tsx", shared=True)


class ConversationScroll(BaseHTML):
    """Scrolls its one child, the conversation, which has `message_count` messages and notes."""

    library = SOURCE.importable_path
    tag = "ConversationScroll"

    message_count: rx.Var[int]
