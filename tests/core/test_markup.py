"""What people type is shown as they meant it, and does nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticket_app.core import markup
from ticket_app.core.markup import plain, render

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
        assert tag in markup.TAGS, tag
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


@pytest.mark.parametrize("text", ["`https://x.org`", "https://", "javascript:x", "xhttps://x.org"])
def test_other_text_does_not(text: str) -> None:
    assert "<a" not in inspected(text)


def test_ticket_keys_lead_where_the_page_says() -> None:
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
    assert asked == [f"BUG-{n}" for n in range(markup.MAX_KEYS)]


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
    line = plain(text, 50)
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
    "keys": "A-1 " * 12_500,
    "references": "[a]: /u\n" * 6_000,
    "too long": "*a*\n<b>" * 50_000,
}


@pytest.mark.parametrize("kind", PATHOLOGICAL)
def test_a_text_made_to_be_slow_is_shown(kind: str) -> None:
    assert inspected(PATHOLOGICAL[kind])
    assert len(plain(PATHOLOGICAL[kind])) <= markup.PLAIN_LENGTH


def test_a_text_beyond_the_limit_is_shown_as_it_was_typed() -> None:
    shown = inspected("*a*\n<b>" + "x" * markup.MAX_MARKDOWN)
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
    assert plain(markdown) == line


@pytest.mark.parametrize(
    ("length", "line"), [(11, "hello world"), (10, "hello…"), (6, "hello…"), (4, "hel…")]
)
def test_a_preview_is_cut_between_words(length: int, line: str) -> None:
    assert plain("hello world", length) == line


def test_a_text_is_rendered_once() -> None:
    markup._rendered.cache_clear()
    render("once")
    render("once", lambda _: None)
    assert markup._rendered.cache_info().misses == 1
