"""What the sources of emails are read as: words, quotes, files, automatic mail and reports."""

from __future__ import annotations

import encodings.aliases
import time
from contextlib import suppress
from dataclasses import asdict
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ticket_app.core.email.incoming import bodies, charsets
from ticket_app.core.email.incoming.source import (
    MAX_SOURCE_BYTES,
    NotAMessage,
    ParsedEmail,
    parse,
)
from ticket_app.core.email.outgoing.texts import REPLY_MARKER

CORPUS = Path(__file__).parent.parent / "email_corpus"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load(
    (CORPUS / "expected.yaml").read_text(encoding="utf-8")
)
HEAD = b"From: uma@customer.example\r\nTo: support@desk.example.com\r\nSubject: Hi\r\n"
MAX_SECONDS = 20
"""No message takes longer, on a machine that does other things too."""

ANY_TREE = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_every_message_of_the_corpus_has_an_expectation():
    assert {path.stem for path in CORPUS.glob("*.eml")} == EXPECTED.keys()
    assert len(EXPECTED) >= 60


@pytest.mark.parametrize("name", EXPECTED)
def test_message_of_the_corpus_is_read_as_expected(name: str):
    expected = EXPECTED[name]
    parsed = parse((CORPUS / f"{name}.eml").read_bytes())

    assert parsed.text == expected["text"]
    assert parsed.subject == expected["subject"]
    assert (parsed.sender.address if parsed.sender else None) == expected["sender"]
    assert [file.name for file in parsed.files] == expected.get("files", [])
    assert parsed.is_automatic == expected.get("automatic", False), parsed.automatic_reason
    assert parsed.defects == expected.get("defects", [])
    for words in expected.get("hidden", []):
        assert words in parsed.hidden_text
        assert words not in parsed.text
    assert (asdict(parsed.report) if parsed.report else None) == expected.get("report")
    assert parsed.is_delivery_report == ("report" in expected)
    if "inline" in expected:
        assert [file.name for file in parsed.files if file.is_inline] == expected["inline"]
    for attribute in ("in_reply_to", "references"):
        if attribute in expected:
            assert getattr(parsed, attribute) == expected[attribute]
    for attribute in ("to", "cc"):
        if attribute in expected:
            addresses = [address.address for address in getattr(parsed, attribute)]
            assert addresses == expected[attribute]
    if "name" in expected:
        assert parsed.sender
        assert parsed.sender.name == expected["name"]


@pytest.mark.parametrize("name", EXPECTED)
def test_headers_are_single_lines_and_words_have_no_control_characters(name: str):
    parsed = parse((CORPUS / f"{name}.eml").read_bytes())

    senders = [parsed.sender] if parsed.sender else []
    people = [*senders, *parsed.reply_to, *parsed.to, *parsed.cc]
    lines = [
        *(person.name for person in people),
        *(person.address for person in people),
        *(file.name for file in parsed.files),
        *parsed.in_reply_to,
        *parsed.references,
        parsed.subject,
        parsed.message_id or "",
        parsed.return_path or "",
    ]
    assert not [line for line in lines if not line.isprintable() and "\u200d" not in line]
    assert not [c for c in parsed.text if c < " " and c not in "\n\t"]
    assert not any("/" in file.name or "\\" in file.name for file in parsed.files)


def _read(text: str, subject: str = "Printer", headers: str = "") -> ParsedEmail:
    lines = f"From: uma@customer.example\r\nSubject: {subject}\r\n{headers}\r\n{text}"
    return parse(lines.encode())


@pytest.mark.parametrize(
    ("subject", "headers", "visible"),
    [
        ("Printer", "", "Yes.\n\n> Which model?"),
        ("Re: Printer", "", "Yes."),
        ("AW: Printer", "", "Yes."),
        ("Fault again [BUG-15]", "", "Yes."),
        ("Printer", "In-Reply-To: <1.2.3@desk.example.com>\r\n", "Yes."),
    ],
)
def test_lines_with_angles_are_quotes_in_answers_only(subject: str, headers: str, visible: str):
    assert _read("Yes.\n\n> Which model?", subject, headers).text == visible


def test_marker_of_our_own_messages_ends_the_words():
    parsed = _read(f"Yes.\n\n{REPLY_MARKER}\n\nOld words")

    assert parsed.text == "Yes."
    assert "Old words" in parsed.hidden_text


def test_answer_of_nothing_but_history_shows_the_history():
    quote = "On Mon, Nov 30, 2026 at 10:02 AM Support <s@desk.example.com> wrote:\n\n> Old words"

    assert _read(quote, "Re: Printer").text == quote


def test_signature_between_words_and_quote_is_hidden_and_words_below_the_quote_are_not():
    parsed = _read("Above.\n-- \nUma\n\nOn 2026-11-30 10:02, Sam wrote:\n> Old\n\nBelow.")

    assert parsed.text == "Above.\n\nBelow."
    assert "Uma" in parsed.hidden_text


def test_safe_html_keeps_pictures_of_the_message_and_nothing_that_runs_or_reports():
    html = (
        '<p onclick="x()">Hi <img src="cid:a@b"><img src="https://t.example/p.gif">'
        '<script>x()</script><a href="javascript:x()">a</a><form><input></form></p>'
    )
    source = HEAD + b"Content-Type: text/html\r\n\r\n" + html.encode()

    safe = parse(source).html

    assert safe is not None
    assert '<img src="cid:a@b">' in safe
    assert not any(word in safe for word in ("onclick", "script", "t.example", "form", "input"))


@pytest.mark.parametrize(
    "source", [b"", b"\r\n\r\n", b'{"subject": "Hi"}', b"\x89PNG\r\n\x1a\n\0\0", b"Hello\n\nWorld"]
)
def test_what_has_no_headers_of_an_email_is_not_a_message(source: bytes):
    with pytest.raises(NotAMessage):
        parse(source)


def test_of_a_message_above_25_mb_only_the_headers_are_read():
    parsed = parse(HEAD + b"\r\n" + b"x" * MAX_SOURCE_BYTES)

    assert parsed.subject == "Hi"
    assert parsed.text == ""
    assert parsed.defects == ["larger than 25 MB"]


def test_a_large_file_is_read_in_full():
    content = bytes(range(256)) * 40_000
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"] = "uma@customer.example", "Large"
    message.set_content("See the file.")
    message.add_attachment(content, maintype="application", subtype="pdf", filename="large.pdf")

    parsed = parse(bytes(message))

    assert [file.content == content for file in parsed.files] == [True]
    assert parsed.text == "See the file."


LINES = "a\r\n" * (8 * 1024 * 1024)
RECURRENCE = "\r\n".join(
    [
        *("BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", "TZID:Never", "BEGIN:STANDARD"),
        *("DTSTART:19700101T000000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"),
        *("RRULE:FREQ=SECONDLY", "END:STANDARD", "END:VTIMEZONE", "BEGIN:VEVENT"),
        *("DTSTART;TZID=Never:20261201T140000", "RRULE:FREQ=SECONDLY", "SUMMARY:X"),
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
)
HOSTILE_BODIES = {
    "only line breaks": "Content-Type: text/plain\r\n\r\n" + "\r\n" * (12 * 1024 * 1024),
    "short lines": "Content-Type: text/plain\r\n\r\n" + LINES,
    "one line": "Content-Type: text/plain\r\n\r\n" + "a " * (10 * 1024 * 1024),
    "quotes": "Content-Type: text/plain\r\n\r\n" + "> a\r\nb\r\n" * 100_000,
    "colons": "Content-Type: text/plain\r\n\r\n" + "On 2026-11-30 wrote:\r\n" * 100_000,
    "labels": "Content-Type: text/plain\r\n\r\n" + "From: a\r\nSent: b\r\n" * 200_000,
    "rules": "Content-Type: text/plain\r\n\r\n" + "-----\r\n" * 500_000,
    "spaces": "Content-Type: text/plain\r\n\r\n" + " " * 5_000_000 + "x:",
    "open tags": "Content-Type: text/html\r\n\r\n" + "<b>" * 300_000,
    "open tables": "Content-Type: text/html\r\n\r\n" + "<table><tr><td>" * 60_000,
    "list items": "Content-Type: text/html\r\n\r\n<ol>" + "<li>a" * 100_000,
    "line breaks": "Content-Type: text/html\r\n\r\n" + "<br>" * 300_000,
    "attributes": "Content-Type: text/html\r\n\r\n<p " + "a=b " * 400_000 + ">x",
    "pictures": "Content-Type: text/html\r\n\r\n" + "<img " * 300_000,
    "entities": "Content-Type: text/html\r\n\r\n" + "&amp" * 400_000,
    "flowed": "Content-Type: text/plain; format=flowed\r\n\r\n" + "a \r\n" * 500_000,
    "pgp": "Content-Type: text/plain\r\n\r\n" + "-----BEGIN PGP SIGNED MESSAGE-----\r\n" * 50_000,
    "calendar": "Content-Type: text/calendar\r\n\r\n" + "BEGIN:VEVENT\r\n" * 10_000,
    "recurrence": "Content-Type: text/calendar\r\n\r\n" + RECURRENCE,
    "levels": "".join(
        f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(190)
    )
    + "\r\n"
    + LINES,
}


@pytest.mark.parametrize("name", HOSTILE_BODIES)
def test_hostile_body_is_read_or_rejected_in_time(name: str):
    started = time.monotonic()

    parsed = parse(HEAD + HOSTILE_BODIES[name].encode())

    assert time.monotonic() - started < MAX_SECONDS
    assert parsed.subject == "Hi"


HOSTILE_HEADERS = {
    "addresses": "To: " + "a@b.example, " * 100_000,
    "commas": "To: " + "," * 500_000,
    "quotes": 'To: "' + "\\" * 200_000,
    "comments": "To: " + "(" * 200_000,
    "words": "Cc: " + "=?utf-8?q?a?= " * 50_000,
    "open words": "Cc: " + "=?utf-8?q?" * 50_000,
    "spaces": "References: <" + " " * 90_000 + ">",
    "ids": "References: " + "<" * 200_000,
    "parameters": "Content-Disposition: inline" + "; x*1=a" * 50_000,
    "fields": "X-A: b\r\n" * 100_000 + "X-B: c",
    "punycode": "Content-Type: text/plain; charset=punycode",
}


@pytest.mark.parametrize("name", HOSTILE_HEADERS)
def test_hostile_headers_are_read_in_time(name: str):
    started = time.monotonic()

    parsed = parse(HEAD + HOSTILE_HEADERS[name].encode() + b"\r\n\r\nWords")

    assert time.monotonic() - started < MAX_SECONDS
    assert parsed.text == "Words"


@ANY_TREE
@given(st.binary(max_size=3000))
def test_random_bytes_never_raise(content: bytes):
    with suppress(NotAMessage):
        parse(content)
    parse(HEAD + content)
    parse(HEAD + b"\r\n" + content)


HEADER_NAMES = st.sampled_from(
    [
        *("From", "To", "Cc", "Subject", "Date", "Message-ID", "References", "Content-Type"),
        *("Content-Disposition", "Content-ID", "Content-Transfer-Encoding", "Auto-Submitted"),
        *("Return-Path", "Precedence", "Reply-To", "In-Reply-To"),
    ]
)
HEADER_VALUES = st.one_of(
    st.text(max_size=80),
    st.from_regex(r"=\?[a-z0-9-]{1,10}\?[qb]\?[ -~]{0,20}\?=", fullmatch=True),
    st.sampled_from(
        [
            *("multipart/mixed; boundary=x", "multipart/alternative; boundary=x", "text/html"),
            *("message/rfc822", "multipart/report; boundary=x", "message/delivery-status"),
            *("text/plain; charset=utf-16", "text/plain; format=flowed; delsp=yes", "base64"),
            *(
                "text/calendar",
                "application/ms-tnef; name=winmail.dat",
                "multipart/digest",
                "x-uue",
            ),
            *("attachment; filename*0*=utf-8''a%", 'inline; filename="=?utf-8?q?', "<<<>>>", "@"),
        ]
    ),
)
BODIES = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            [
                *("--x", "--x--", "", "> quoted", "On 2026-11-30 10:00 a@b.c wrote:", "-- ", "a"),
                *("From: a", "Sent: b", "To: c", "Subject: d", "<blockquote type=cite>", "</div>"),
                *(
                    "Reply above this line",
                    "<div id=appendonsend>",
                    "BEGIN:VCALENDAR",
                    "Status: 5.1",
                ),
                *(
                    "Content-Type: text/html",
                    "Content-Type: multipart/mixed; boundary=x",
                    "<table>",
                ),
                *(
                    "---------- Forwarded message ----------",
                    "Sent from my iPhone",
                    "<img src=cid:a>",
                ),
            ]
        ),
        max_size=40,
    ).map("\r\n".join),
)


@ANY_TREE
@given(st.lists(st.tuples(HEADER_NAMES, HEADER_VALUES), max_size=8), BODIES)
def test_random_headers_and_bodies_never_raise(headers: list[tuple[str, str]], body: str):
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)

    parsed = parse(HEAD + f"{lines}\r\n{body}".encode(errors="replace"))

    assert "\n" not in parsed.subject
    assert len(parsed.files) <= bodies.MAX_PARTS


def _tree(children: st.SearchStrategy[EmailMessage]) -> st.SearchStrategy[EmailMessage]:
    def build(kind: str, parts: list[EmailMessage]) -> EmailMessage:
        message = EmailMessage()
        message.add_header("Content-Type", f"multipart/{kind}")
        message.set_payload(parts)
        return message

    kinds = st.sampled_from(["mixed", "alternative", "related", "signed", "report", "digest"])
    return st.builds(build, kinds, st.lists(children, max_size=4))


def _text_part(text: str, subtype: str, name: str) -> EmailMessage:
    message = EmailMessage()
    message.set_content(text, subtype=subtype, filename=name or None)
    return message


TREES = st.recursive(
    st.builds(
        _text_part,
        st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
        st.sampled_from(["plain", "html", "calendar", "x-other"]),
        st.sampled_from(["", "a.txt", "b.ics"]),
    ),
    _tree,
    max_leaves=20,
)


@ANY_TREE
@given(TREES)
def test_random_trees_of_parts_never_raise(tree: EmailMessage):
    source = HEAD + tree.as_bytes()

    parsed = parse(source)

    assert parsed.defects == []


@given(st.binary(max_size=200), st.text(max_size=20))
def test_bytes_are_decoded_whatever_charset_is_declared(content: bytes, charset: str):
    assert isinstance(charsets.decode(content, charset), str)


SAMPLES = [
    *("Plain ASCII words", "Größe geändert, naïve", "Prix : 5 € – “cœur”", "Zażółć gęślą jaźń"),
    *("Принтер горит, срочно", "Ґанок і їжак", "Ο εκτυπωτής καίγεται", "המדפסת בוערת"),
    *("الطابعة تحترق", "เครื่องพิมพ์ไฟไหม้", "Yazıcı ışığı söndü", "Spausdintuvas užsidegė"),
    *(
        "プリンターが燃えています。",
        "您好，打印机着火了",
        "您好，印表機著火了",
        "프린터에 불이 났어요",
    ),
]
CHARSETS = sorted({*encodings.aliases.aliases, *encodings.aliases.aliases.values()})


def test_every_charset_that_python_knows_is_decoded():
    tried: set[str] = set()
    for charset in CHARSETS:
        for sample in SAMPLES:
            with suppress(LookupError, UnicodeError):
                encoded = sample.encode(charset)
                assert charsets.decode(encoded, charset) == sample, charset
                assert charsets.decode(encoded, charset.replace("_", "-")) == sample, charset
                tried.add(charset)
    assert len(tried) > 250


@pytest.mark.parametrize(
    "charset", ["rot13", "base64", "punycode", "idna", "unicode_escape", "zip"]
)
def test_codecs_that_are_no_charsets_are_not_used(charset: str):
    assert charsets.codec_of(charset) is None
