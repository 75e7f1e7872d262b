"""Stories of feature requests, improvements and other feedback.

In texts `$site`, `$version`, `$plugin`, `$number`, `$amount`, `$zone`, `$me` (the requester) and
`$agent` are replaced for each ticket.
"""

# ruff: noqa: E501 - each message is one line, as people write it

from __future__ import annotations

from ticket_app.core.platform.vocabulary import Category, Kind
from ticket_app.demo.texts.models import Story

FEEDBACK: tuple[Story, ...] = (
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
)
