"""Functions on fields, elements and key presses that several components share."""

import reflex as rx

for _name in ("fields.ts", "keyboard.ts"):
    rx.asset(_name, shared=True)
