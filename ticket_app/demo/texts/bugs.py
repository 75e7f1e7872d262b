"""Stories of bugs.

In texts `$site`, `$version`, `$plugin`, `$number`, `$amount`, `$zone`, `$me` (the requester) and
`$agent` are replaced for each ticket.
"""

# ruff: noqa: E501 - each message is one line, as people write it

from __future__ import annotations

from ticket_app.core.platform.vocabulary import Category, Kind, ReproductionRate, Severity
from ticket_app.demo.texts.models import Story

BUGS: tuple[Story, ...] = (
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
)
