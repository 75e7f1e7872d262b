"""All stories of the demo data."""

from __future__ import annotations

from ticket_app.demo.texts.bugs import BUGS
from ticket_app.demo.texts.feedback import FEEDBACK
from ticket_app.demo.texts.getting_started import GETTING_STARTED
from ticket_app.demo.texts.incidents import INCIDENTS_AND_PROBLEMS
from ticket_app.demo.texts.languages import LANGUAGES
from ticket_app.demo.texts.requests import SUPPORT_REQUESTS_AND_CHANGES

STORIES = (
    *BUGS,
    *INCIDENTS_AND_PROBLEMS,
    *SUPPORT_REQUESTS_AND_CHANGES,
    *FEEDBACK,
    *LANGUAGES,
    *GETTING_STARTED,
)
"""The order decides which tickets the random numbers make; append only."""
