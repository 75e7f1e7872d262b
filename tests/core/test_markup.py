"""What people type is shown as they meant it, and does nothing else."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticket_app.core.platform import markup
from ticket_app.core.platform.markup import render, render_preview
from ticket_app.core.platform.vocabulary import TextFormat

RELATED = 'target="_blank" rel="nofollow noopener noreferrer ugc"'
ATTRIBUTES = {
    "a": {"href", "title", "target", "rel"},
    "img": {"src", "alt", "title", "loading"},
    "code": {"class"},
    "ol": {"start"},
    "th": {"align"},
    "td": {"align"},
}


class Inspector(HTMLParser):
    """Fails on any tag, attribute or address that should not be there."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in markup.ALLOWED_TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, set()), (tag, name)
            if name == "href":
                assert re.match(r"https?://|mailto:|/(?![/\\])", value or "", re.IGNORECASE), value
            if name == "src":
                assert re.match(r"/(?:files|api)/(?!.*(?:\.\.|//))", value or ""), value

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def inspected(markdown: str) -> str:
    shown = render(markdown, lambda key: f"/desk/{key}")
    inspector = Inspector(convert_charrefs=True)
    inspector.feed(shown)
    inspector.close()
    return shown


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("a\nb", "<p>a<br>\nb</p>"),
        ("**a** *b* ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>"),
        ("```py\nx < 1\n```", '<pre><code class="language-py">x &lt; 1\n</code></pre>'),
        ("1 < 2 && <b>", "<p>1 &lt; 2 &amp;&amp; &lt;b&gt;</p>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("- [ ] a\n- [x] b", "<ul>\n<li>☐ a</li>\n<li>☑ b</li>\n</ul>"),
        ("[a](https://x.org 't')", f'<p><a href="https://x.org" title="t" {RELATED}>a</a></p>'),
        ("![a](/files/1)", '<p><img src="/files/1" alt="a" loading="lazy"></p>'),
        ("![a](https://x.org/1)", f'<p><a href="https://x.org/1" {RELATED}>a</a></p>'),
        (
            "[![a](https://x.org/1)](https://y.org)",
            f'<p><a href="https://y.org" {RELATED}>a</a></p>',
        ),
        ("![a](/files/../auth/logout)", f'<p><a href="/files/../auth/logout" {RELATED}>a</a></p>'),
        ("[error]: refused", "<p>[error]: refused</p>"),
        ("\ud800", "<p>?</p>"),
        ("", ""),
    ],
)
def test_markdown_is_shown(markdown: str, shown: str) -> None:
    assert inspected(markdown).strip() == shown


def test_tables_keep_their_alignment() -> None:
    shown = inspected("|a|b|\n|:-|-:|\n|1|2|")
    assert '<td align="left">1</td>' in shown
    assert '<th align="right">b</th>' in shown


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://x.org/a_b_c.", "https://x.org/a_b_c"),
        ("(https://x.org/a_(b))", "https://x.org/a_(b)"),
        ("HTTP://X.org?a=1&b=2!", "HTTP://X.org?a=1&amp;b=2"),
        ("**https://x.org**", "https://x.org"),
    ],
)
def test_bare_addresses_become_links(text: str, address: str) -> None:
    assert f'href="{address}"' in inspected(text)


@pytest.mark.parametrize(
    "text",
    [
        "`https://x.org`",
        "https://",
        "javascript:x",
        "xhttps://x.org",
        "https://x.org/\u202egnp.exe",
        "http://a/," * 300,
    ],
)
def test_other_text_does_not(text: str) -> None:
    assert "<a" not in inspected(text)


def test_ticket_keys_link_to_the_address_given_by_the_page() -> None:
    known = {"BUG-15": "/desk/BUG-15?a=1&b", "T-20251119-0001": "/desk/2", "REQ-1": "javascript:x"}
    text = "BUG-15, FR-2 T-20251119-0001 `BUG-15` [BUG-15](https://x.org) REQ-1 XBUG-15x /BUG-15"
    assert render(text, known.get) == (
        '<p><a href="/desk/BUG-15?a=1&amp;b">BUG-15</a>, FR-2 '
        '<a href="/desk/2">T-20251119-0001</a> <code>BUG-15</code> '
        f'<a href="https://x.org" {RELATED}>BUG-15</a> REQ-1 XBUG-15x /BUG-15</p>\n'
    )
    assert "/desk" not in render(text)


def test_each_key_is_asked_for_once_and_not_without_end() -> None:
    asked: list[str] = []
    render(" ".join(f"BUG-{n} BUG-{n}" for n in range(1000)), asked.append)
    assert asked == [f"BUG-{n}" for n in range(markup.MAX_LINKED_KEYS)]


def test_the_marks_of_keys_cannot_be_typed() -> None:
    assert render("\ufdd0BUG-1<b>\ufdd1 &#xFDD0;A-1&#xFDD1;", lambda _: None) == (
        "<p>BUG-1&lt;b&gt; \ufffdA-1\ufffd</p>\n"
    )


ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;<img src onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<form action=/auth/logout><button>x</button></form>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<base href=//evil>",
    "<input autofocus onfocus=alert(1)>",
    "<div style='position:fixed;inset:0' id=root name=forms>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](&#x6A;avascript:alert(1))",
    "[a](&#0000106avascript:alert(1))",
    "[a](java&Tab;script:alert(1))",
    "[a](java\\\nscript:alert(1))",
    "[a](\x01javascript:alert(1))",
    "[a](<javascript:alert(1)>)",
    "[a](vbscript:x)",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](blob:https://x/y)",
    "[a](file:///etc/passwd)",
    "[a](//evil.org)",
    "[a](/\\evil.org)",
    "[a](/%09/evil.org)",
    "[a](\\\\evil.org)",
    "[a](https:evil.org)",
    "[a](x)",
    "[a]: javascript:alert(1)\n\n[a]",
    "[a](https://x.org '\" onmouseover=alert(1) x=\"')",
    "[a](https://x.org/\"onmouseover='alert(1)')",
    "<javascript:alert(1)>",
    '<https://x.org/" onclick=alert(1)>',
    "![a](javascript:alert(1))",
    "![a](data:image/svg+xml,<svg/onload=alert(1)>)",
    '![a" onerror="alert(1)](/files/x)',
    '![a](/files/x"onerror=alert(1))',
    "![a](/files/%2e%2e/auth/logout)",
    "![a](/files/..\\\\x)",
    "![a](/filesystem)",
    "![a](//files/x)",
    'https://x.org/"onmouseover="alert(1)',
    "https://x.org/<script>alert(1)</script>",
    "https://x.org/&quot;onclick=alert(1)",
    '```"><script>alert(1)</script>\nx\n```',
    "```js class=x onclick=y\nx\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "`<script>`</code><script>alert(1)</script>",
    "|a|\n|-|\n|<td onclick=x>|",
    "# x {#root onclick=alert(1)}",
    "{{constructor.constructor('alert(1)')()}}",
    'BUG-1"onclick=alert(1)',
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_only_text(attack: str) -> None:
    inspected(attack)
    inspected(f"> - {attack}\n>\n> **{attack}** `x` {attack}")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*ATTACKS, *"<>[]()!`*_|\n\\&;:'\"#-~ ", "BUG-1"]), max_size=12))
def test_no_mixture_of_attacks_gets_through(parts: list[str]) -> None:
    inspected("".join(parts))


@given(st.text(max_size=200))
def test_any_text_can_be_shown_and_previewed(text: str) -> None:
    inspected(text)
    line = render_preview(text, 50)
    assert len(line) <= 50
    assert line == " ".join(line.split())


PATHOLOGICAL = {
    "brackets": "[" * 50_000,
    "pictures": "![" * 25_000,
    "links": "[a](" * 12_500,
    "quotes": "> " * 25_000,
    "lists": "- " * 25_000,
    "staircase": "".join(f"{'  ' * n}- x\n" for n in range(220)),
    "emphasis": "*_" * 25_000,
    "unclosed emphasis": "**a_ " * 10_000,
    "backticks": "".join("`" * n + " " for n in range(310)),
    "entities": "&" * 50_000,
    "tables": "|a" * 500 + "\n" + "|-" * 500 + "\n" + "|b\n" * 16_000,
    "parentheses": "http://a" + "(" * 25_000 + ")" * 24_000,
    "dots": "http://a" + "." * 49_000,
    "addresses": "http://a/," * 5_000,
    "long addresses": ("http://a/," * 199 + "x ") * 25,
    "keys": "A-1 " * 12_500,
    "references": "[a]: /u\n" * 6_000,
    "paths": "\\*_" * 16_000,
    "stars and backslashes": "*" * 2_000 + "\\[" * 20_000,
    "names": "__a" * 16_000,
    "mail": "a.@" * 16_000,
    "too long": "*a*\n<b>" * 50_000,
}


@pytest.mark.parametrize("kind", PATHOLOGICAL)
def test_a_text_made_to_be_slow_is_shown(kind: str) -> None:
    assert inspected(PATHOLOGICAL[kind])
    assert len(render_preview(PATHOLOGICAL[kind])) <= markup.PREVIEW_LENGTH


def test_a_text_beyond_the_limit_is_shown_as_it_was_typed() -> None:
    shown = inspected("*a*\n<b>" + "x" * markup.MAX_MARKDOWN_LENGTH)
    assert shown.startswith("<p>*a*<br>&lt;b&gt;x")


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        ("# Title\n\nSome **bold** [link](https://x.org) `code`", "Title Some bold link code"),
        ("a\nb\n\n> c\n\n- d\n- e", "a b c d e"),
        ("```py\nx = 1\ny = 2\n```", "x = 1 y = 2"),
        ("![shot](/files/1) see", "shot see"),
        ("<b>1 & 2</b>", "<b>1 & 2</b>"),
        ("BUG-15 https://x.org", "BUG-15 https://x.org"),
        ("", ""),
    ],
)
def test_a_preview_is_one_line_of_words(markdown: str, line: str) -> None:
    assert render_preview(markdown) == line


@pytest.mark.parametrize(
    ("length", "line"), [(11, "hello world"), (10, "hello…"), (6, "hello…"), (4, "hel…")]
)
def test_a_preview_is_cut_between_words(length: int, line: str) -> None:
    assert render_preview("hello world", length) == line


def test_a_text_is_rendered_once() -> None:
    markup._rendered.cache_clear()
    render("once")
    render("once", lambda _: None)
    assert markup._rendered.cache_info().misses == 1


@pytest.mark.parametrize(
    "text",
    [
        r"\\fs01\share\_archive_\*.log",
        r"C:\temp\*.log and C:\_old\_new",
        r"see (\\srv\a_b\*), or \\srv",
        "a\\\\b",
        "5*4*3",
        "2**10 + x**2 and x**3",
        "__main__",
        'if __name__ == "__main__": __init__.py',
        "snake_case_name, _private_.x and ._x_.",
        "*.log, *.txt and **/*.py",
        "SELECT *, count(*) FROM t",
        "f(*args, **kwargs); g(*more, **others)",
        "/*comment*/ int *p = *q;",
        "glob('**') or glob('**')",
        '"*" and "*" (*) (_)',
        "foo*bar*baz foo**bar**baz",
        "5 * 4 * 3",
    ],
)
def test_what_is_no_formatting_stays_as_it_was_written(text: str) -> None:
    shown = inspected(text)
    assert shown == f"<p>{html.escape(text, quote=False)}</p>\n".replace("&#x27;", "'")
    assert render_preview(text) == text


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        (
            "**bold**, *italic* and _also_",
            "<strong>bold</strong>, <em>italic</em> and <em>also</em>",
        ),
        (
            "**Note:** (**x**) __two words__",
            "<strong>Note:</strong> (<strong>x</strong>) <strong>two words</strong>",
        ),
        (
            "***both*** **a *b* c**",
            "<em><strong>both</strong></em> <strong>a <em>b</em> c</strong>",
        ),
        (r"**C:\temp\x**", r"<strong>C:\temp\x</strong>"),
        (r"\*not italic\* my\_name", "*not italic* my_name"),
        ("これは**太字**です", "これは<strong>太字</strong>です"),
        ("`a*b*c` ~~d~~", "<code>a*b*c</code> <s>d</s>"),
        ("- a", "<ul>\n<li>a</li>\n</ul>"),
    ],
)
def test_intended_formatting_is_kept(markdown: str, shown: str) -> None:
    assert inspected(markdown).strip() in (shown, f"<p>{shown}</p>")


class Reader(HTMLParser):
    """Collects the text of HTML and checks that it holds nothing but links and spans."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.links: list[str] = []
        self.code: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        assert (tag, set(attributes)) in (
            ("div", {"class", "dir"}),
            ("span", {"class"}),
            ("a", {"href"}),
            ("a", {"href", "target", "rel"}),
        )
        self._open.append(tag)
        if tag == "a":
            address = attributes["href"] or ""
            assert re.match(r"https?://|mailto:|/desk/", address, re.IGNORECASE), address
            self.links.append(address)
        if tag == "span":
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "span" in self._open:
            self.code[-1] += data


def read_plain(text: str) -> Reader:
    reader = Reader()
    reader.feed(render(text, lambda key: f"/desk/{key}", TextFormat.PLAIN))
    reader.close()
    return reader


@pytest.mark.parametrize(
    "text",
    [
        "\\\\fs01\\share\\_archive_\\*.log",
        "5*4*3 __main__ `x` # not a title\n- no list\n> no quote",
        "  two   spaces\n\n\n\tand a tab  ",
        "1 < 2 && <b>bold</b> &amp; \"quoted\" 'too'",
        "\n\nFirst lines are empty",
        "[a](https://x.org) ![b](/files/1) <https://y.org>",
    ],
)
def test_plain_text_is_shown_exactly_as_written(text: str) -> None:
    assert read_plain(text).text == text


@given(st.text(max_size=300))
def test_any_plain_text_is_shown_as_written(text: str) -> None:
    shown = text.encode(errors="replace").decode().replace("\ufdd0", "").replace("\ufdd1", "")
    assert read_plain(text).text == re.sub(r"\r\n?", "\n", shown)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_plain_text_is_only_text(attack: str) -> None:
    assert read_plain(attack).text == attack
    assert read_plain(f"  {attack}\n\n{attack} https://x.org/?{attack}").text.endswith(attack)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*ATTACKS, *"<>\"'& \n\t", "https://", "a@b.c"]), max_size=12))
def test_no_mixture_of_attacks_gets_through_plain_text(parts: list[str]) -> None:
    assert read_plain("".join(parts)).text == "".join(parts).replace("\r", "\n")


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://x.org/a_b_c.", ["https://x.org/a_b_c"]),
        ("(HTTP://X.org?a=1&b=2)", ["HTTP://X.org?a=1&b=2"]),
        ("write to ann.lee+x@mail.example.com, please", ["mailto:ann.lee+x@mail.example.com"]),
        ("as in BUG-15", ["/desk/BUG-15"]),
        ("javascript:alert(1) ftp://x.org //x.org a@b @ann ann@", []),
        ("https://me@example.com/a@b.com", ["https://me@example.com/a@b.com"]),
    ],
)
def test_addresses_in_plain_text_are_links(text: str, links: list[str]) -> None:
    shown = read_plain(text)
    assert (shown.text, shown.links) == (text, links)


def test_lines_like_code_in_plain_text_are_set_in_one_width() -> None:
    trace = 'Traceback (most recent call last):\n  File "a.py", line 3\n\n    x = 1\nKeyError: 1\n'
    log = "2026-11-20 09:00:01 INFO  started\n"
    columns = "name     size\nreadme     12"
    shown = read_plain(f"It fails:\n{trace}And:\n\n{log}Then:\n{columns}")
    assert shown.code == [trace, log, columns]
    json = '{\n  "a": 1\n}\n'
    thread = 'Exception in thread "main" java.lang.NullPointerException\n\tat a.B(C.java:1)\n'
    assert read_plain(f"We got:\n{json}and\n{thread}").code == [json, thread]
    assert read_plain("Hello,\nit is dark. No code here.\n\nBye").code == []


@pytest.mark.parametrize(
    ("code", "is_aligned"),
    [
        ("name     size\nreadme     12", True),
        ("name\tsize\nreadme\t12", True),
        ("| a | b |\n|---|---|\n| 1 | 2 |", True),
        ("  indented\n    more", False),
        ("  one = 1    # a remark", False),
    ],
)
def test_only_lines_in_columns_of_a_plain_text_are_not_wrapped(code: str, is_aligned: bool) -> None:
    shown = render(code, text_format=TextFormat.PLAIN)
    assert ('class="plain-code plain-columns"' in shown) is is_aligned
    assert 'class="plain-code' in shown


@pytest.mark.parametrize("text_format", TextFormat)
def test_words_that_only_look_like_numbers_of_tickets_are_no_links(text_format: TextFormat) -> None:
    text = "UTF-8, COVID-19, ISO-8859 and SHA-256, but BUG-15 and TKT-20231201-001"
    shown = render(text, lambda key: f"/desk/{key}", text_format)
    assert re.findall(r'href="([^"]+)"', shown) == ["/desk/BUG-15", "/desk/TKT-20231201-001"]


@pytest.mark.parametrize("kind", PATHOLOGICAL)
def test_a_plain_text_made_to_be_slow_is_shown(kind: str) -> None:
    assert read_plain(PATHOLOGICAL[kind]).text == PATHOLOGICAL[kind]
    assert (
        len(render_preview(PATHOLOGICAL[kind], text_format=TextFormat.PLAIN))
        <= markup.PREVIEW_LENGTH
    )


def test_a_preview_of_plain_text_keeps_its_signs() -> None:
    assert render_preview("# a_b_\n  *c*", text_format=TextFormat.PLAIN) == "# a_b_ *c*"
