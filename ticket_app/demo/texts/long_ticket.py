"""A ticket with a long title and a long conversation."""

from __future__ import annotations

from ticket_app.core.platform.vocabulary import Category, Kind, ReproductionRate, Severity
from ticket_app.demo.texts.models import Story

LONG_TITLE = (
    "Since the update on Monday every export of the monthly attendance report for all sites stops "
    "at row 10,000 without an error, while the preview and the scheduled mail show all of it"
)
"""One hundred and eighty characters."""

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
