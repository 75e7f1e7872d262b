"""Stories of support questions, requests and changes.

In texts `$site`, `$version`, `$plugin`, `$number`, `$amount`, `$zone`, `$me` (the requester) and
`$agent` are replaced for each ticket.
"""

# ruff: noqa: E501 - each message is one line, as people write it

from __future__ import annotations

from ticket_app.core.platform.vocabulary import Category, Kind, Severity
from ticket_app.demo.texts.models import Story

SUPPORT_REQUESTS_AND_CHANGES: tuple[Story, ...] = (
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
)
