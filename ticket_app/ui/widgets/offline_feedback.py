"""A message about what a person does while the server cannot be reached."""

from typing import Final

import reflex as rx

SOURCE: Final = rx.asset("offline_feedback.jsx", shared=True)


class OfflineFeedback(rx.Component):
    """The component of offline_feedback.jsx."""

    library = SOURCE.importable_path
    tag = "OfflineFeedback"


def offline_feedback() -> rx.Component:
    """Tell somebody who clicks while offline that it will be done later; once on each page."""
    return OfflineFeedback.create()
