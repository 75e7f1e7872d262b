"""Short messages that any ticket of the demo data can get.

In texts `$site`, `$version`, `$plugin`, `$number`, `$amount`, `$zone`, `$me` (the requester) and
`$agent` are replaced for each ticket.
"""

from __future__ import annotations

PLUGINS = ("Map Layers", "Case Export", "Roster Sync", "Playlist Designer", "Zone Monitor")
VERSIONS = ("4.8.2", "4.9.0", "4.9.1", "4.9.3", "5.0.0-beta2", "5.0.0")
ZONES = ("Lobby", "Pool deck", "Ground floor", "Terrace", "Treatment rooms", "Warehouse B")

REOPEN_REPLIES = (
    "Sorry, it is back: same thing this morning at $site. Could you take another look?",
    "It worked for two days, and now we see it again. Nothing was changed on our side.",
    "I have to reopen this one. The first attempt after a restart works, the second fails.",
)
REMINDERS = (
    "Any news on this? My manager asked again today.",
    "Just a nudge, $agent - we would like to close this before the weekend.",
    "For what it is worth, it happened again at $site this morning around 9.",
)
PROGRESS_REPLIES = (
    "I am on it and will write as soon as I know more, by tomorrow at the latest.",
    "Quick update: we can see it here as well now. I have asked the people who wrote that part.",
    "Thank you for waiting, $me. The fix is being tested; $site is on the list for the first "
    "round.",
)
DUPLICATE_REPLIES = (
    "We track this in an older ticket already, so that all the information is in one place. I have "
    "added your details there and you will hear from us in that conversation.",
)
WONT_FIX_REPLIES = (
    "We looked at this carefully and will not do it for now: it would slow down the first start "
    "for everyone. The workaround above stays supported.",
    "Thank you for the idea. It does not fit where we take the product this year, so I close it "
    "honestly rather than let it wait. Do write again if your needs change.",
)
ADMIN_FEEDBACK = (
    "Fixed in 5.0.1, which goes out with the next weekly update.",
    "Known limitation; described in the release notes together with the workaround.",
    "Good report - the steps made this easy to find.",
)
INTERNAL_NOTES = (
    "Third report of this in a month, all on 4.9.x. Worth a problem ticket?",
    "Spoke with $me on the phone, very friendly, but they have an inspection on Friday.",
    "Account manager says: renewal is due next month, please handle with care.",
)
RATINGS = (
    (5, "Quick and kind."),
    (5, None),
    (4, "Good answer, though I had to wait a day."),
    (4, None),
    (3, "Solved in the end."),
    (2, "Had to explain it twice."),
)
TIME_ENTRIES = (
    (60, "Reproduced it and read the logs"),
    (30, "Fixed and tested"),
)
"""Minutes and note of what an agent logs before a resolution."""
