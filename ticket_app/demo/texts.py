"""What is said on the demo desk: its companies, its people, and the stories its tickets tell.

In texts `$site`, `$version`, `$plugin`, `$number`, `$amount`, `$zone`, `$me` (the requester) and
`$agent` stand for what differs from ticket to ticket.
"""

# ruff: noqa: E501 - what people write is kept in one line, as they write it

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ticket_app.core.platform.vocabulary import Category, Kind, ReproductionRate, Role, Severity

Speaker = Literal["agent", "user", "note"]
FileKind = Literal["png", "log", "csv", "json", "pdf"]


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """A customer organisation and the places it has."""

    name: str
    domain: str
    sites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of the demo desk; `home` is a team for staff, a company's domain for others."""

    username: str
    first_name: str
    last_name: str
    role: Role
    organisation: str
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """How one sort of ticket goes: what is filed, and what is said until it is done.

    `talk` is a text of turns, each begun by a line `@agent`, `@user` or `@note`.
    """

    kind: Kind
    category: Category
    team: str
    department: str
    section: str
    tags: tuple[str, ...]
    titles: tuple[str, ...]
    description: str
    conversation: str
    file_kind: FileKind | None = None
    caption: str = ""
    severity: Severity = Severity.MINOR
    steps_to_reproduce: str | None = None
    expected_behavior: str | None = None
    actual_behavior: str | None = None
    reproduction_rate: ReproductionRate | None = None

    def turns(self) -> list[tuple[Speaker, str]]:
        """Who says what, in order."""
        turns: list[tuple[Speaker, str]] = []
        for block in self.conversation.strip().removeprefix("@").split("\n@"):
            speaker, _, text = block.partition("\n")
            turns.append((speaker, text.strip()))  # type: ignore[arg-type]
        return turns


DEPARTMENTS = ("Customer Support", "Engineering", "Finance", "Operations", "Internal IT")
TEAMS = ("Sales", "Tech", "Finance", "Music", "Admin")

COMPANIES = (
    DemoCompany("Lotus Bay Hotels", "lotusbay.example", ("Lotus Bay Phuket", "Lotus Bay Samui")),
    DemoCompany(
        "Kestrel Coffee Roasters", "kestrel.example", ("Kestrel Dockside", "Kestrel Old Town")
    ),
    DemoCompany(
        "Marlowe & Finch", "marlowefinch.example", ("the Regent Street store", "the Leeds store")
    ),
    DemoCompany("Nordlicht Therme GmbH", "nordlicht.example", ("Therme Lübeck", "Therme Husum")),
    DemoCompany("Maison Verger", "verger.example", ("la boutique de Lyon", "l'atelier de Nantes")),
    DemoCompany(
        "Siam Orchid Dining", "siamorchid.example", ("Siam Orchid Thonglor", "Siam Orchid Ari")
    ),
    DemoCompany("Harbour Lane Gyms", "harbourlane.example", ("the Bristol gym", "the Cardiff gym")),
    DemoCompany(
        "Brightwater Clinics", "brightwater.example", ("the North clinic", "the Quay clinic")
    ),
    DemoCompany("Atlas Freight", "atlasfreight.example", ("Depot 4", "the Rotterdam office")),
    DemoCompany("Pico Games", "picogames.example", ("the studio", "the QA floor")),
    DemoCompany(
        "Greenfield Schools Trust", "greenfield.example", ("Hillside School", "Abbey School")
    ),
)

PEOPLE = (
    DemoPerson("ada", "Ada", "Moreau", Role.SUPER_ADMIN, "", "Operations"),
    DemoPerson("mia", "Mia", "Castellanos", Role.MANAGER, "", "Customer Support"),
    DemoPerson("sam", "Sam", "Whitfield", Role.AGENT, "Tech", "Customer Support"),
    DemoPerson("kim", "Kim", "Tanaka", Role.AGENT, "Music", "Customer Support"),
    DemoPerson("leo", "Leo", "Brandt", Role.AGENT, "Finance", "Finance"),
    DemoPerson("nok", "Nok", "Srisai", Role.AGENT, "Sales", "Operations"),
    DemoPerson("priya", "Priya", "Raman", Role.AGENT, "Admin", "Internal IT"),
    DemoPerson("uma", "Uma", "Lindqvist", Role.USER, "lotusbay.example", None),
    DemoPerson("bob", "Bob", "Okafor", Role.USER, "kestrel.example", None),
    DemoPerson("anong", "Anong", "Wattana", Role.USER, "siamorchid.example"),
    DemoPerson("somchai", "สมชาย", "ใจดี", Role.USER, "siamorchid.example"),
    DemoPerson("greta", "Greta", "Hoffmann", Role.USER, "nordlicht.example"),
    DemoPerson("juergen", "Jürgen", "Weiß", Role.USER, "nordlicht.example"),
    DemoPerson("claire", "Claire", "Dubois", Role.USER, "verger.example"),
    DemoPerson("etienne", "Étienne", "Garnier", Role.USER, "verger.example"),
    DemoPerson(
        "konstantinia",
        "Konstantinia-Alexandra",
        "Papadimitrakopoulou",
        Role.USER,
        "brightwater.example",
    ),
    DemoPerson("tom.hale", "Tom", "Hale", Role.USER, "brightwater.example"),
    DemoPerson("rosa", "Rosa", "Delgado", Role.USER, "lotusbay.example"),
    DemoPerson("viktor", "Viktor", "Sorokin", Role.USER, "lotusbay.example"),
    DemoPerson("hannah", "Hannah", "Pryce", Role.USER, "kestrel.example"),
    DemoPerson("dele", "Dele", "Adeyemi", Role.USER, "kestrel.example"),
    DemoPerson("oliver", "Oliver", "Finch", Role.USER, "marlowefinch.example"),
    DemoPerson("beth", "Beth", "Marlowe", Role.USER, "marlowefinch.example"),
    DemoPerson("ravi", "Ravi", "Chandran", Role.USER, "marlowefinch.example"),
    DemoPerson("gwen", "Gwen", "Llewellyn", Role.USER, "harbourlane.example"),
    DemoPerson("marcus", "Marcus", "Boateng", Role.USER, "harbourlane.example"),
    DemoPerson("ines", "Inês", "Carvalho", Role.USER, "atlasfreight.example"),
    DemoPerson("pieter", "Pieter", "van den Berg", Role.USER, "atlasfreight.example"),
    DemoPerson("yuki", "Yuki", "Arai", Role.USER, "picogames.example"),
    DemoPerson("jonas", "Jonas", "Ekström", Role.USER, "picogames.example"),
    DemoPerson("leila", "Leila", "Haddad", Role.USER, "picogames.example"),
    DemoPerson("fiona", "Fiona", "MacLeod", Role.USER, "greenfield.example"),
    DemoPerson("desmond", "Desmond", "Clarke", Role.USER, "greenfield.example"),
    DemoPerson("nadia", "Nadia", "Rahman", Role.USER, "atlasfreight.example"),
)

PLUGINS = ("Map Layers", "Case Export", "Roster Sync", "Playlist Designer", "Zone Monitor")
VERSIONS = ("4.8.2", "4.9.0", "4.9.1", "4.9.3", "5.0.0-beta2", "5.0.0")
ZONES = ("Lobby", "Pool deck", "Ground floor", "Terrace", "Treatment rooms", "Warehouse B")

LONG_TITLE = (
    "Since the update on Monday every export of the monthly attendance report for all sites stops "
    "at row 10,000 without an error, while the preview and the scheduled mail show all of it"
)
"""One hundred and eighty characters, as some people write them."""

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
    "Thank you for waiting, $me. The fix is being tested; $site is on the list for the first round.",
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

STORIES = (
    Story(
        Kind.BUG,
        Category.BUG,
        "Tech",
        "Engineering",
        "user_interface",
        ("crash", "regression"),
        (
            "App closes when I open $plugin on $version",
            "$plugin crashes right after the splash screen",
            "Crash on start at $site since $version",
        ),
        "Since yesterday the desktop app closes by itself as soon as I open **$plugin**. No message, "
        "the window is simply gone.\n\nThis is the last thing in the log:\n\n```\n"
        "ERROR relay.plugins  $plugin: worker exited with code -1073741819\n"
        "WARN  relay.shell    closing window 1 (host gone)\n```\n\nAll users at $site have it.",
        """
@agent
Hello $me, thank you for the log, that helps a lot. Two questions so that we look in the right place:

1. Does it also happen when you start with `relay --safe-mode`?
2. Which graphics card is in that machine?
@user
Safe mode works fine! The machines all have the on-board Intel graphics.
@note
Same stack as the driver crash of last spring: the tile cache asks for a texture larger than
the driver allows. The check went away in the 4.9 clean-up.
@agent
> Safe mode works fine!

Then it is the hardware drawing. Until the fix is out, please set this in `settings.json`:

```json
{
  "rendering": "software"
}
```

It is a little slower with big maps, but it will not crash.
@user
Done on all four machines, no crash since. Thank you!
@agent
Glad to hear it. The check is back in the next version; after that update you can remove the line.
""",
        "log",
        severity=Severity.CRITICAL,
        reproduction_rate=ReproductionRate.ALWAYS,
        steps_to_reproduce="1. Start the app\n2. Sign in\n3. Open $plugin from the side bar",
        expected_behavior="The plugin opens with my last view.",
        actual_behavior="The window closes without a message.",
    ),
    Story(
        Kind.BUG,
        Category.TECHNICAL,
        "Tech",
        "Engineering",
        "database_connectivity",
        ("timeout", "database"),
        (
            "Connection to the database is lost after lunch at $site",
            '"Lost connection" each time the screen was locked',
            "Saving fails with a timeout on $version",
        ),
        "When I come back after an hour, the first save fails with *Lost connection to the database*. "
        "The second one works.\n\nI attach what the screen shows.",
        """
@agent
Hi $me, that pattern (first fails, second works) sounds like a firewall that forgets quiet
connections. Do you know whether something between $site and the server was changed recently?
@user
Our IT replaced the router two weeks ago. They say it drops idle connections after 30 minutes.
@agent
That is it, then. Could they raise it to two hours, or allow *keep-alive*? On our side I have
switched on a ping every ten minutes for your account.
@user
They raised it this morning. I left the app alone for an hour and a half and saving worked.
@agent
Wonderful. I leave the ping on, it does no harm.
""",
        "png",
        "Lost connection to database",
        severity=Severity.MAJOR,
        reproduction_rate=ReproductionRate.SOMETIMES,
        steps_to_reproduce="1. Leave the app open for an hour\n2. Change anything\n3. Press Save",
        expected_behavior="It saves.",
        actual_behavior="An error; the second attempt works.",
    ),
    Story(
        Kind.BUG,
        Category.BUG,
        "Tech",
        "Engineering",
        "reporting",
        ("export", "data-loss"),
        (
            "Export of the monthly report misses the last day",
            "CSV export: umlauts are broken for $site",
            "Numbers in the export differ from the screen",
        ),
        "The CSV for last month and the screen do not agree:\n\n| | screen | export |\n|---|---|---|\n"
        "| plays | $number | 3 % less |\n| sites | 14 | 14 |\n\nThe last day of the month seems to "
        "be missing. File attached.",
        """
@agent
Thanks for the table, $me. Which time zone is set in your profile, and which on the server
(bottom of *Settings > About*)?
@user
Mine is Bangkok, the server says UTC.
@note
Confirmed: the export cuts the month in UTC, the screen in the person's zone. One-line fix, needs
a test for zones east of Greenwich.
@agent
Found it. The export ends the month at midnight UTC, so seven hours of your last day are missing.
Nothing is lost, it is only not in the file. I attach nothing for now, but the corrected export
will be sent to you once the fix is live.
@user
Good to know that nothing is lost. We need the right one by the 5th for our royalties statement.
@agent
The fix is live. Please export again - I checked yours and it has all days now.
""",
        "csv",
        severity=Severity.MAJOR,
        reproduction_rate=ReproductionRate.ALWAYS,
        steps_to_reproduce="1. Reports > Monthly\n2. Choose last month\n3. Export as CSV",
        expected_behavior="The same numbers as on the screen.",
        actual_behavior="The last day is missing.",
    ),
    Story(
        Kind.BUG,
        Category.BUG,
        "Tech",
        "Engineering",
        "user_interface",
        ("ui", "dark-mode"),
        (
            "Dark theme: text in the $plugin dialog cannot be read",
            "Buttons overlap at 150 % zoom",
            "Date picker opens outside of the screen",
        ),
        "See the screenshot. It is only a small thing but our people at $site complain every day.",
        """
@agent
Not so small if you meet it every day. Thanks for the screenshot, I can reproduce it here.
@note
Hard-coded grey in the dialog's footer. Good first task for a new colleague.
@agent
Corrected for the next version ($version is the last one that has it).
@user
Looks good in the preview you sent, thank you.
""",
        "png",
        "Unreadable text",
        severity=Severity.COSMETIC,
        reproduction_rate=ReproductionRate.ALWAYS,
        steps_to_reproduce="1. Switch to the dark theme\n2. Open the dialog",
        expected_behavior="Readable text.",
        actual_behavior="Dark grey on black.",
    ),
    Story(
        Kind.BUG,
        Category.BUG,
        "Tech",
        "Engineering",
        "authentication",
        ("login", "sso"),
        (
            "Signed out in the middle of typing",
            "Single sign-on sends me round in circles",
            "Cannot sign in at $site after password change",
        ),
        "I changed my password as asked, and now sign-in goes round: Microsoft page, our page, "
        "Microsoft page...\n\n- Browser: Edge, newest\n- Also in a private window\n- A colleague with "
        "the old password has no problem",
        """
@agent
Sorry about that. Could you tell me the exact time of one attempt? Then I find it in our log.
@user
10:42 this morning, and again at 10:45.
@note
Log says `nonce mismatch` for both. Their proxy caches the redirect. Seen before with the same vendor.
@agent
Thank you. Your company's proxy keeps a copy of a page it must not keep. I have changed our side
so that it cannot. Please try again.
@user
I am in. Thanks $agent!
""",
        "png",
        "Sign-in failed (AADSTS50011)",
        severity=Severity.MAJOR,
        reproduction_rate=ReproductionRate.ALWAYS,
        steps_to_reproduce="1. Open the sign-in page\n2. Choose single sign-on",
        expected_behavior="I am signed in.",
        actual_behavior="It starts over.",
    ),
    Story(
        Kind.BUG,
        Category.TECHNICAL,
        "Tech",
        "Engineering",
        "plugins",
        ("plugin", "memory"),
        (
            "$plugin eats all memory over night",
            "Memory grows to 6 GB with $plugin",
            "$plugin becomes slow after some hours at $site",
        ),
        "We leave the screen on all night. In the morning the app uses 6 GB and reacts after seconds. "
        "Restarting helps. Diagnostics attached as JSON.",
        """
@agent
The diagnostics are gold, thank you. `listeners: 48211` should be about 40. We are looking for who
forgets to sign off.
@note
`ZoneMonitor.attach` subscribes on each refresh. Fix is in review.
@user
Shall we keep restarting at night meanwhile? We could do it with the scheduler.
@agent
Yes please, at 4:00 for example:

```
schtasks /create /tn relay-restart /sc daily /st 04:00 /tr "relay.exe --restart"
```
@user
Set up. Memory is at 700 MB this morning.
@agent
And the fix itself went out yesterday. You can remove the task.
""",
        "json",
        severity=Severity.MAJOR,
        reproduction_rate=ReproductionRate.ALWAYS,
        steps_to_reproduce="1. Open $plugin\n2. Leave it for eight hours\n3. Look at the task manager",
        expected_behavior="Memory stays level.",
        actual_behavior="About 600 MB more each hour.",
    ),
    Story(
        Kind.BUG,
        Category.BUG,
        "Tech",
        "Engineering",
        "notifications",
        ("mail", "notifications"),
        (
            "Every notification arrives twice",
            "Mails from the desk land in spam at $site",
            "No notification when a colleague answers",
        ),
        "Since the weekend each of us gets every notification **twice**, about a minute apart.",
        """
@agent
Thanks for telling us. Could you forward me both copies of one mail *as attachment*? The headers
will show where the second comes from.
@user
Sent to your address just now.
@agent
Both come from us, from two machines: one should have been switched off on Saturday. Done now.
@user
Only one mail since then. Fixed!
""",
        None,
        reproduction_rate=ReproductionRate.ALWAYS,
        steps_to_reproduce="1. Wait for a reply",
        expected_behavior="One mail.",
        actual_behavior="Two mails.",
    ),
    Story(
        Kind.BUG,
        Category.BUG,
        "Tech",
        "Engineering",
        "api",
        ("api", "integration"),
        (
            "API answers 500 for tickets without a company",
            "Webhook signature does not match since $version",
            "Pagination of the API skips one entry per page",
        ),
        "Our integration stopped last night. A minimal call:\n\n```python\n"
        'r = client.get("/tickets", params={"page": 2})\nr.raise_for_status()\n```\n\n'
        "The answer is a 500 with request id `req-$number`.",
        """
@agent
The request id took me right to it, thank you. It fails for an entry whose company was deleted.
@user
That makes sense, we merged two companies yesterday.
@note
Outer join missing in one of the three lists. Adding the test for a deleted company to all three.
@agent
Fixed and deployed. Please let your job run again; nothing was lost meanwhile.
@user
All 2,300 entries came through. Thanks for the fast turnaround.
""",
        "log",
        severity=Severity.MAJOR,
        reproduction_rate=ReproductionRate.ALWAYS,
        steps_to_reproduce="1. Call the list with page=2",
        expected_behavior="200 and a page.",
        actual_behavior="500.",
    ),
    Story(
        Kind.BUG,
        Category.ZONE_CONFIG,
        "Tech",
        "Engineering",
        "performance",
        ("performance", "zones"),
        (
            "Zone overview takes 40 seconds to open",
            "$zone: map is blank until I zoom",
            "Very slow search at $site",
        ),
        "Opening the overview with all zones takes *40 seconds*, it was 3 before $version. The same "
        "on wired and wireless.",
        """
@agent
Thanks $me. How many zones do you have, roughly, and does the filter "active only" change anything?
@user
About 900. With the filter it takes 4 seconds.
@agent
That points to the archived ones: we read the history of each. I have asked Engineering.
@note
N+1 on archived zones. Explain attached to the commit. Target is 1 s for 1,000 zones.
@agent
The new version reads them in one go; on a copy of your data it opens in 0.8 seconds.
""",
        "png",
        "Loading zones: 12 of 900",
        severity=Severity.MAJOR,
        reproduction_rate=ReproductionRate.ALWAYS,
        steps_to_reproduce="1. Zones > Overview",
        expected_behavior="Opens within seconds.",
        actual_behavior="40 seconds.",
    ),
    Story(
        Kind.BUG,
        Category.BUG,
        "Tech",
        "Engineering",
        "installation",
        ("installer", "windows"),
        (
            "Installer of $version stops at 87 %",
            "Update rolls back on Windows 11 machines",
            "Silent install ignores the target folder",
        ),
        "The installer stops at 87 % and rolls back. Log attached. We tried:\n\n1. Run as administrator\n"
        "2. Virus scanner off\n3. Older version first - that works\n",
        """
@agent
Line 412 of the log: a file of the old version is in use. Is the tray icon still running then?
@user
It is! Quitting it first makes the installation go through.
@agent
The installer should do that by itself, and with the next version it will. Thanks for testing.
""",
        "log",
        severity=Severity.MAJOR,
        reproduction_rate=ReproductionRate.SOMETIMES,
        steps_to_reproduce="1. Start the installer over a running version",
        expected_behavior="It installs.",
        actual_behavior="It rolls back at 87 %.",
    ),
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
    Story(
        Kind.SUPPORT,
        Category.SUPPORT,
        "Tech",
        "Customer Support",
        "user_interface",
        ("how-to",),
        (
            "How do I copy a schedule to another site?",
            "Where do I find last year's reports?",
            "Can two people edit the same plan?",
        ),
        "I want to use the schedule of $site for our new place. Do I have to type it all again?",
        """
@agent
No need to type. Open the schedule, then **Copy to**, and choose the site. Times are kept, and
you can shift all of them at once in the last step.
@user
Found it, I was looking in the site's own menu. Thanks!
@agent
That would be a sensible place too. I have passed it on.
""",
    ),
    Story(
        Kind.SUPPORT,
        Category.ACCOUNT,
        "Admin",
        "Customer Support",
        "authentication",
        ("account", "access"),
        (
            "New colleague needs access from Monday",
            "Please change my mail address",
            "I cannot see the tickets of $site any more",
        ),
        "A new colleague starts at $site on Monday and needs the same rights as I have.",
        """
@agent
Gladly. Please send me the name and the address, and for which sites it should be.
@user
Jamie Rowe, jamie.rowe, both sites.
@agent
Jamie gets an invitation on Monday at 8. It is good for three days.
@user
All went well, Jamie is working already.
""",
    ),
    Story(
        Kind.SUPPORT,
        Category.BILLING,
        "Finance",
        "Finance",
        "billing",
        ("billing", "invoice"),
        (
            "Invoice $number has the wrong address",
            "Charged twice for $site",
            "Question about the invoice of last month",
        ),
        "Invoice **$number** over $amount names our old address. Our accountant cannot book it like that.",
        """
@agent
Sorry for the trouble. I have corrected the address and will send a new invoice with the same number
and the addition "corrected".
@note
Address was changed in the CRM only. Asked Nok to keep both in step until the sync is there.
@user
Received, thank you. Please make sure that next month's is right, too.
@agent
It is - I looked at the draft.
""",
        "pdf",
    ),
    Story(
        Kind.SUPPORT,
        Category.BILLING,
        "Finance",
        "Finance",
        "billing",
        ("billing", "refund"),
        (
            "Refund for the two weeks $site was closed",
            "Credit note for invoice $number is missing",
            "Payment of $amount was sent back",
        ),
        "We were closed for renovation for two weeks and agreed on a credit of $amount. It is not on the "
        "invoice.",
        """
@agent
I see the agreement in your file. The credit note needs one more signature here; I expect it on
Thursday.
@note
Mia: approved. Please book on cost centre 4410.
@agent
Done: credit note CN-$number is in your inbox, and the amount goes against the next invoice.
@user
Thank you, that settles it.
""",
        "pdf",
    ),
    Story(
        Kind.SUPPORT,
        Category.BILLING,
        "Finance",
        "Finance",
        "billing",
        ("billing", "tax"),
        ("VAT number is missing on all invoices", "Please send invoices as one file a month"),
        "Our tax office asks for our VAT number on each invoice. Could you add it, also for the last "
        "three months?",
        """
@agent
Certainly. Please send me the number as it is in the register.
@user
It is in the attached file.
@agent
Thank you. All invoices from this month on carry it, and the last three are on their way again.
""",
        "csv",
    ),
    Story(
        Kind.SUPPORT,
        Category.PRODUCT,
        "Music",
        "Customer Support",
        "other",
        ("playlist", "music"),
        (
            "Playlist for the opening of $site",
            "Too many slow songs in $zone",
            "Guests ask for less vocals in the morning",
        ),
        "Our guests like the music, but between 7 and 10 in **$zone** it is too lively. Could we have "
        'something calmer?\n\n> "It feels like a club at breakfast"\n\nsaid one of them today.',
        """
@agent
Ha, no club at breakfast then! I have put together *Slow Morning*: piano, soft guitar, no drums
before nine. You can listen to it under Playlists > Suggested.
@user
Lovely. Could you take out the two songs with whistling?
@agent
Whistling is gone, and I added twenty songs so that it does not repeat within a week.
@user
Guests are happy, so am I.
""",
        "csv",
    ),
    Story(
        Kind.REQUEST,
        Category.PRODUCT,
        "Music",
        "Customer Support",
        "other",
        ("playlist", "season"),
        (
            "Christmas music for $site, please not too early",
            "Songkran playlist for $site",
            "Own jingles between songs",
        ),
        "We would like seasonal music at $site, first 1 in 10 songs, in the last week 1 in 3.",
        """
@agent
Nice plan. I set it up as a schedule, have a look:

| week | share |
|---|---|
| 1 | 10 % |
| 2 | 20 % |
| 3 | 33 % |
@user
Great. Please nothing with bells before noon. :)
@agent
There will be no bells before noon.
@user
Perfect!
""",
    ),
    Story(
        Kind.REQUEST,
        Category.PRODUCT,
        "Music",
        "Customer Support",
        "other",
        ("hardware", "zones"),
        (
            "Additional zone for the terrace of $site",
            "Second player for $zone",
            "Speakers in $zone should be quieter than the rest",
        ),
        "We open a terrace next month. What do we need for music there, and what would it cost?",
        """
@agent
One player and two weatherproof speakers. Nok from Sales will send an offer; could you tell me the
size, and whether there is a network socket?
@user
About 8 by 12 metres. No socket, but good wireless.
@note
Wireless player, 2 x outdoor. Power outside is there according to the plan of 2024.
@agent
The offer is on its way: $amount with installation. Delivery takes about ten days.
@user
Signed and sent back.
@agent
Installed on Tuesday, the zone is called *Terrace* and follows the schedule of the ground floor.
""",
        "pdf",
    ),
    Story(
        Kind.REQUEST,
        Category.ACCOUNT,
        "Admin",
        "Internal IT",
        "authentication",
        ("access", "onboarding"),
        (
            "Read-only access for our auditors",
            "Admin rights for $me at $site",
            "Shared account for the front desk",
        ),
        "Our auditors need to read the reports for two weeks. No changes, please.",
        """
@agent
This needs an approval, as the reports contain names. I have asked Mia.
@note
Fine for me if it ends by itself after 14 days.
@agent
Granted, read-only, and it ends by itself in 14 days.
@user
They are in. Thank you.
""",
    ),
    Story(
        Kind.REQUEST,
        Category.TECHNICAL,
        "Admin",
        "Internal IT",
        "installation",
        ("hardware", "software"),
        (
            "Replacement for the broken tablet at $site",
            "Licence for two more seats",
            "Three new machines for $site",
        ),
        "The tablet at the counter has a broken screen (photo attached). It still works but looks awful.",
        """
@agent
Ouch. It is still under guarantee; a new one goes out today with a return label.
@user
Came this morning, works. The old one is in the post.
""",
        "png",
        "Device 7: touch not calibrated",
    ),
    Story(
        Kind.CHANGE,
        Category.TECHNICAL,
        "Admin",
        "Internal IT",
        "database_connectivity",
        ("maintenance", "upgrade"),
        (
            "Move $site to the new database server",
            "Update of all players to $version",
            "New certificate for the status page",
        ),
        "**Plan**\n\n1. Inform all users two days before\n2. Backup at 22:00\n3. Change at 22:30\n4. Check "
        "list until 23:30\n\n**Way back:** restore the backup, 20 minutes.",
        """
@note
Reviewed the plan. Please check the certificate's name before, we had that last time.
@agent
The window is agreed: Tuesday, 22:00 to 24:00.
@user
Fine for us, the site closes at 21:00.
@agent
Done at 23:10, all checks green. Details in the attached log.
@user
No complaints this morning. Thank you.
""",
        "log",
        severity=Severity.MAJOR,
    ),
    Story(
        Kind.CHANGE,
        Category.ZONE_CONFIG,
        "Tech",
        "Operations",
        "other",
        ("zones", "rollback"),
        (
            "New opening hours for all zones of $site",
            "Split $zone into two zones",
            "Rename the zones to the names on the doors",
        ),
        "From next week we open at 6 instead of 7. Please move all schedules, except $zone.",
        """
@agent
Will do on Sunday evening. Shall the quiet hour after opening move as well?
@user
Yes, the first hour should always be the quiet one.
@agent
Moved. You see the new times in the plan from Monday on.
@user
Checked, all right.
""",
    ),
    Story(
        Kind.FEATURE_REQUEST,
        Category.FEATURE_REQUEST,
        "Sales",
        "Engineering",
        "reporting",
        ("reporting", "export"),
        (
            "Send the weekly report by mail on Mondays",
            "Compare two sites side by side",
            "Export to Excel with formatting",
        ),
        "It would save me an hour a week if the report came by itself on Monday at 7, as a PDF, to a list "
        "of addresses.\n\n**Must**\n- choose sites\n- choose addresses\n\n**Nice**\n- a sentence of my own "
        "on top",
        """
@agent
Clear and useful, thank you. Two more customers have asked for it. I have put it before the people who
plan the next version and will tell you what they say.
@note
Fits the scheduler work. Estimate 3 days. Vote: 3 customers, one of them large.
@user
Thanks. We would gladly test it.
@agent
It is planned, and you are on the list of testers.
@agent
The test version has it: *Reports > Schedule*. Tell me what you think.
@user
Set up in two minutes. Exactly what I wanted.
""",
    ),
    Story(
        Kind.FEATURE_REQUEST,
        Category.FEATURE_REQUEST,
        "Tech",
        "Engineering",
        "api",
        ("api", "automation"),
        (
            "API to start a playlist",
            "Webhook when a zone goes silent",
            "Single sign-on with our own provider",
        ),
        "We would like to start *Evening* when our light system switches over. A call like this would do:\n\n"
        '```http\nPOST /zones/17/play\nContent-Type: application/json\n\n{"playlist": "evening"}\n```',
        """
@agent
That is close to what we have in mind. Would a token per site be enough for you, or per zone?
@user
Per site is fine.
@note
Needs limits so that a broken light switch cannot restart music every second.
@agent
Accepted for this quarter. I keep this ticket open until you can try it.
""",
    ),
    Story(
        Kind.FEATURE_REQUEST,
        Category.FEATURE_REQUEST,
        "Tech",
        "Engineering",
        "user_interface",
        ("ui", "accessibility"),
        (
            "Bigger text in the player app",
            "Keyboard short cuts for the schedule",
            "Dark theme for $plugin",
        ),
        "Some of us at $site would like larger letters. The system's own setting changes nothing in the app.",
        """
@agent
You are right, and it should. We committed to it in our accessibility statement, so it goes before others.
@user
Thank you, that is good to hear.
@agent
In the next version the app follows the system's size. Here is how it will look.
""",
        "png",
        "Text size 150%",
    ),
    Story(
        Kind.IMPROVEMENT,
        Category.PRODUCT,
        "Tech",
        "Engineering",
        "user_interface",
        ("usability",),
        (
            "Confirm before a schedule is deleted",
            "Remember the last filter in $plugin",
            "Sort zones by name, not by date",
        ),
        "I deleted a schedule by mistake today. A question before, or a way back, would be kind.",
        """
@agent
We prefer a way back to yet another question: *Undo* for ten seconds. Would that have helped you?
@user
Yes, I noticed at once.
@agent
Then that is what we will build. And your schedule is back - I restored it from the backup.
@user
Oh, thank you!!
""",
    ),
    Story(
        Kind.IMPROVEMENT,
        Category.PRODUCT,
        "Tech",
        "Engineering",
        "performance",
        ("performance", "documentation"),
        (
            "Handbook does not mention the new export",
            "Start of $plugin could be faster",
            "Clearer message when a song is not licensed",
        ),
        "The message says *Error 4031*. It should say that the song is not licensed in our country, and "
        "what we can do.",
        """
@agent
Agreed, a number is not a message. The new text reads:

> This song may not be played in your country. Choose another one, or ask us for a licence.
@user
Much better.
@agent
It comes with the next version.
""",
        "png",
        "Error 4031",
    ),
    Story(
        Kind.OTHER,
        Category.GENERAL,
        "Sales",
        "Operations",
        "other",
        ("question", "contract"),
        (
            "Offer for five more sites",
            "Notice period of our contract?",
            "Visit at $site in spring",
        ),
        "We think about five more sites next year. Could you send an offer, and tell us whether the "
        "price for each goes down?",
        """
@agent
With pleasure! From ten sites on each costs 8 % less. You would be at eleven. I will send the offer by
the end of the week.
@note
Decision is with their CFO. Follow up in two weeks.
@user
Received, we talk about it on the 14th.
@agent
Good luck for the 14th. Ask me anything before.
@user
We take it! Contract is on the way back.
""",
        "pdf",
    ),
    Story(
        Kind.OTHER,
        Category.OTHER,
        "Sales",
        "Operations",
        "other",
        ("feedback",),
        ("Praise for your technician", "Survey for our annual report", "New contact at $site"),
        "I just want to say that the technician who came to $site on Monday was great. Please tell him.",
        """
@agent
That makes our day. I have told him, and his manager.
@user
:)
""",
    ),
    Story(
        Kind.BUG,
        Category.BUG,
        "Tech",
        "Engineering",
        "user_interface",
        ("übersetzung", "ui"),
        (
            "Falsche Umlaute im Bericht für $site",
            "Größe der Schaltflächen im Wochenplan",
            "Absturz beim Öffnen der Zonenübersicht",
        ),
        "Guten Tag,\n\nim Bericht steht statt „Größe“ nur „GrÃ¶ÃŸe“. Auf dem Bildschirm ist es richtig, nur "
        "in der CSV-Datei nicht. Wir öffnen sie mit Excel.\n\nViele Grüße aus Lübeck\n$me",
        """
@agent
Guten Tag $me, danke für die Meldung. Excel liest die Datei in der falschen Kodierung. Können Sie es
einmal mit *Daten > Aus Text/CSV* und „UTF-8“ versuchen?
@user
So geht es, ist aber umständlich für die Kolleginnen an der Kasse.
@note
Write a BOM into the CSV when the browser's language is one where Excel guesses wrong.
@agent
Verstanden. Ab der nächsten Version schreiben wir ein Zeichen an den Anfang, an dem Excel UTF-8 erkennt.
@user
Klappt jetzt mit Doppelklick. Herzlichen Dank!
""",
        "csv",
        reproduction_rate=ReproductionRate.ALWAYS,
        steps_to_reproduce="1. Bericht öffnen\n2. Als CSV speichern",
        expected_behavior="Größe",
        actual_behavior="GrÃ¶ÃŸe",
    ),
    Story(
        Kind.SUPPORT,
        Category.SUPPORT,
        "Music",
        "Customer Support",
        "other",
        ("musique", "how-to"),
        (
            "Musique trop forte à $site",
            "Comment changer l'heure d'ouverture ?",
            "Liste de lecture pour la fête de la musique",
        ),
        "Bonjour,\n\nà $site la musique est trop forte le matin, même au volume 2. Les clients s'en plaignent. "
        "Où règle-t-on le volume *par heure* ?\n\nMerci d'avance,\n$me",
        """
@agent
Bonjour $me, dans **Zones > Volume**, cliquez sur l'horloge : vous pouvez donner un volume à chaque heure.
Je l'ai déjà baissé de 6 dB jusqu'à dix heures.
@user
C'est parfait, on s'entend de nouveau parler. Merci beaucoup !
@agent
Avec plaisir. Belle journée à toute l'équipe de $site.
""",
    ),
    Story(
        Kind.SUPPORT,
        Category.PRODUCT,
        "Music",
        "Customer Support",
        "other",
        ("เพลง", "playlist"),
        (
            "ขอเพลย์ลิสต์สำหรับช่วงเย็นที่ $site",
            "เสียงเพลงขาดหายเป็นช่วง ๆ ที่ $site",
            "ขอเปลี่ยนเวลาเปิดเพลง",
        ),
        "สวัสดีครับ\n\nลูกค้าที่ $site อยากได้เพลงแจ๊สเบา ๆ ในช่วงเย็น ตั้งแต่ 18:00 ถึง 22:00 "
        "รบกวนช่วยจัดให้หน่อยครับ\n\nขอบคุณครับ",
        """
@agent
สวัสดีค่ะ จัดเพลย์ลิสต์ *Evening Jazz* ให้แล้วค่ะ เริ่มวันนี้เวลา 18:00 น.
@user
ขอบคุณมากครับ ลูกค้าชอบมาก
@agent
ยินดีค่ะ
""",
    ),
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

LONG_CONVERSATION = (
    ("agent", "Good morning $me, I have this now and will stay with it until it is solved."),
    ("user", "Thank you. To be clear: *every* export stops at row 10,000, whatever the site."),
    ("note", "10,000 is the page size of the new reader. Suspicious."),
    ("agent", "Could you tell me whether the preview below the form shows more than 10,000 rows?"),
    ("user", "The preview says 18,442 rows. The file has 10,000 and the heading."),
    ("agent", "And the mail that goes out at night?"),
    ("user", "The mail is complete: 18,442. I counted with\n\n```\nwc -l attendance.csv\n```"),
    ("note", "So only the path through the browser. Asked Engineering who touched it in 5.0."),
    (
        "agent",
        "Then you can use the one from the mail until we are done. Is that all right for you?",
    ),
    ("user", "For this week yes, but people at the sites have no access to that mailbox."),
    ("agent", "I can add up to ten addresses for you. Please send them and I do it today."),
    ("user", "- fiona\n- desmond\n- the two school offices"),
    ("agent", "Added. They get it from tonight on."),
    ("user", "One of the offices did not receive it."),
    ("agent", "There was a dot missing in the address. Sent again by hand, and corrected."),
    ("user", "Arrived, thanks."),
    ("note", "Found: the reader closes after the first page if the answer is compressed."),
    ("agent", "News: we know why. A compressed answer ends the reading after the first page."),
    ("user", "That explains why it works at home, where I have no proxy!"),
    ("agent", "Exactly. The fix is written; it goes to a few people first. May I count you in?"),
    ("user", "Please do. What do I have to look at?"),
    ("agent", "Just export as usual and compare the number of rows with the preview."),
    ("user", "First try: 18,442 of 18,442. Second site: 12,007 of 12,007."),
    ("agent", "That is what we hoped for. I will keep this open until all users have it."),
    ("user", "One thing: the file is called `export(3).csv` now. It had the month in its name."),
    ("note", "Name is lost with the new header. Small, separate, but let us do it here."),
    ("agent", "You have sharp eyes. The name with the month comes back with the same update."),
    ("user", "Wonderful. I will test that too when it is there."),
)
"""A conversation that goes on for long."""

LONG_STORY = Story(
    Kind.BUG,
    Category.BUG,
    "Tech",
    "Engineering",
    "reporting",
    ("export", "regression", "data-loss"),
    (LONG_TITLE,),
    "Every export through the browser stops at row 10,000. **No message**, the file just ends.\n\n"
    "| | rows |\n|---|---|\n| preview | 18,442 |\n| file | 10,000 |\n| nightly mail | 18,442 |",
    "\n".join(f"@{speaker}\n{text}" for speaker, text in LONG_CONVERSATION),
    "csv",
    severity=Severity.MAJOR,
    reproduction_rate=ReproductionRate.ALWAYS,
    steps_to_reproduce="1. Reports > Attendance\n2. All sites, last month\n3. Export as CSV",
    expected_behavior="18,442 rows.",
    actual_behavior="10,000 rows.",
)
"""The ticket with the long title and the long conversation."""
