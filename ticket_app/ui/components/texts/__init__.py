"""The texts that the components themselves show."""

import reflex as rx

rx.asset("texts.ts", shared=True)
