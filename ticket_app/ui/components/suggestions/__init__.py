"""A list of suggestions at a text field, operated from the field."""

import reflex as rx

from ticket_app.ui.components import dom as dom
from ticket_app.ui.components import texts as texts

for _name in ("suggestions.tsx", "lookup.ts", "mentions.ts", "saved_replies.ts"):
    rx.asset(_name, shared=True)
