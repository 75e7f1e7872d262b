"""The texts of the components."""

import reflex as rx

rx.asset("texts.ts", shared=True)
