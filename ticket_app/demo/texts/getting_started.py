"""Stories of getting started: playlists to import, ports to open.

In texts `$site`, `$version`, `$plugin`, `$number`, `$amount`, `$zone`, `$me` (the requester) and
`$agent` are replaced for each ticket.
"""

# ruff: noqa: E501 - each message is one line, as people write it

from __future__ import annotations

from ticket_app.core.platform.vocabulary import Category, Kind, ReproductionRate
from ticket_app.demo.texts.models import Story

GETTING_STARTED: tuple[Story, ...] = (
    Story(
        Kind.BUG,
        Category.BUG,
        "Music",
        "Engineering",
        "plugins",
        ("playlist", "import"),
        (
            "Import of a playlist with 2,000 songs never ends",
            "Playlist Designer forgets the order of songs",
            "Songs appear twice after import",
        ),
        "I import our list (attached) and the bar stays at 99 %. After an hour I gave up.",
        """
@agent
Thank you for the file, it does the same here. One line has a title of 4,000 characters. Could you
delete line 1,377 and try again?
@user
Then it takes a minute and all songs are there. No idea where that line came from.
@note
Importer compares every title with every other; quadratic in the length. Cap titles and say so.
@agent
From the next version on such a line is skipped with a message that names it.
""",
        "csv",
        reproduction_rate=ReproductionRate.ALWAYS,
        steps_to_reproduce="1. Import the attached file",
        expected_behavior="It ends within a minute.",
        actual_behavior="It stays at 99 %.",
    ),
    Story(
        Kind.SUPPORT,
        Category.TECHNICAL,
        "Tech",
        "Customer Support",
        "installation",
        ("configuration", "network"),
        (
            "Which ports must be open for the players?",
            "Proxy settings for $site",
            "Can the app run on a terminal server?",
        ),
        "Our IT asks which addresses and ports the players need. We use a strict firewall at $site.",
        """
@agent
Only outgoing connections, nothing from outside:

- TCP 443 to `*.relay.example`
- UDP 123 to any time server
- TCP 8883 to `mq.relay.example` (status)
@user
Thank you. Is 8883 really needed? They would rather not.
@agent
Without it everything works, but we see a fault only after ten minutes instead of ten seconds.
@user
Then we open it. Done, all green.
""",
    ),
)
