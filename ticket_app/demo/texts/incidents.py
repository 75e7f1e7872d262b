"""Stories of incidents and problems.

In texts `$site`, `$version`, `$plugin`, `$number`, `$amount`, `$zone`, `$me` (the requester) and
`$agent` are replaced for each ticket.
"""

# ruff: noqa: E501 - each message is one line, as people write it

from __future__ import annotations

from ticket_app.core.platform.vocabulary import Category, Kind, Severity
from ticket_app.demo.texts.models import Story

INCIDENTS_AND_PROBLEMS: tuple[Story, ...] = (
    Story(
        Kind.INCIDENT,
        Category.TECHNICAL,
        "Tech",
        "Operations",
        "performance",
        ("outage", "network"),
        (
            "$site is offline",
            "No sound at $site since 8:15",
            "All players at $site show the red light",
        ),
        "**Everything is down** at $site since this morning. Guests are asking. Please call me.",
        """
@agent
I am calling you now. From here I see that the site's line went away at 08:14.
@note
Provider has a fault in the area, reference FT-$number. Called at 08:40, they expect 11:00.
@agent
As said on the phone: it is the provider's line. Players go on from their own memory once they are
restarted with the **blue** button held for five seconds. Their reference is FT-$number.
@user
We have music again from memory in two of three zones. The third stays silent.
@agent
The third has an old card; a colleague brings a new one this afternoon.
@user
Line is back, and your colleague was here. All green. Thank you for staying on it.
@agent
Good. I write a short report for your file:

- 08:14 line lost (provider)
- 09:05 two zones from memory
- 11:20 line back
- 15:30 card replaced in zone 3
""",
        "png",
        "Connection lost",
        severity=Severity.CRITICAL,
    ),
    Story(
        Kind.INCIDENT,
        Category.TECHNICAL,
        "Tech",
        "Operations",
        "authentication",
        ("security", "phishing"),
        (
            "Strange mail asks our people for their password",
            "Sign-in from a country we are not in",
            "Account of a former employee was used",
        ),
        "Three people at $site got a mail that looks like ours and asks for the password. One may have "
        "typed it in.",
        """
@agent
Thank you for reporting at once. I have ended all sessions of that person and blocked the address.
Please tell them to choose a new password when they sign in next.
@note
Checked the log: one sign-in from an unknown address at 07:51, nothing was opened. Told Ada.
@user
Done. How do we know whether anything was taken?
@agent
I looked through everything that account did: one sign-in, no page opened after it. You get the full
list by mail. I also switched on the second factor for your company, as you asked.
@user
Thank you. I told the others about it in our morning meeting.
""",
        "png",
        "Please verify your account",
        severity=Severity.CRITICAL,
    ),
    Story(
        Kind.INCIDENT,
        Category.PRODUCT,
        "Tech",
        "Operations",
        "performance",
        ("degraded", "streaming"),
        (
            "Music stutters in $zone",
            "Short drop-outs every ten minutes at $site",
            "Volume jumps in $zone",
        ),
        "There are short gaps, half a second, every ten minutes or so in **$zone**. Other zones are "
        "fine.",
        """
@agent
Every ten minutes sounds like the status report. Which player is it? The number is below the plug.
@user
Player 3, number HB-$number.
@agent
Its card is nearly full, so it writes slowly. I have cleared the old logs from here. Better now?
@user
No gaps for two hours. Seems fixed.
""",
        "log",
        severity=Severity.MAJOR,
    ),
    Story(
        Kind.PROBLEM,
        Category.TECHNICAL,
        "Tech",
        "Engineering",
        "performance",
        ("root-cause", "recurring"),
        (
            "Players lose their time after a power cut",
            "Nightly job takes longer every week",
            "Repeated reconnects of $zone players on $version",
        ),
        "Several incidents of the last weeks have the same pattern. Collecting them here:\n\n"
        "- gap in the log of 4 to 6 minutes\n- clock in 1970 afterwards\n- playlists start from the top",
        """
@note
Battery of the clock is missing in the second hardware series. About 140 players in the field.
@agent
We found the reason: these players have no clock battery and wait for the time server. From the next
version on they start with the last known time.
@user
Will the update come by itself?
@agent
Yes, between 3 and 5 at night. You will see `5.0.1` in the overview.
""",
        "log",
        severity=Severity.MAJOR,
    ),
    Story(
        Kind.PROBLEM,
        Category.TECHNICAL,
        "Admin",
        "Internal IT",
        "other",
        ("monitoring", "root-cause"),
        ("Backups of $site were not checked for a month", "Disk alarms come too late"),
        "The alarm came when the disk was 98 % full. It should come at 80 %.",
        """
@agent
The rule looked at the mean of all disks. It looks at each one now.
@note
Same mistake in two other rules, corrected as well.
@user
We got a test alarm at 80 % today. Thank you.
""",
    ),
)
