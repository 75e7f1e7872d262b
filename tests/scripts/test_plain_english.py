"""The linter of words refuses each word where the glossary says so, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.plain_english import GLOSSARY as GLOSSARY_FILE
from scripts.plain_english import (
    ROOT,
    GlossaryError,
    Linter,
    check_files,
    files,
    is_text,
    read_rules,
    words_of,
)

GLOSSARY = """# Glossary

| term | meaning |
|---|---|
| ticket | A request for help. |

## Words we do not use

| not | but | refused in | except |
|---|---|---|---|
| `told` | payload | names | |
| anew, came in | again, signed in | docs | |
| may everything | has all permissions | texts | |
| bell* | wake event | logs | |
| stand (the noun) | status | css, names | |
| stranger (in product code) | anonymous request | names | |
| part | page | names | `part of speech`, `ticket_app/api/kit/` |
| desk | help desk | texts, docs | service desk |
| forsooth | indeed | all | |

Some text after the table: | no | row |
"""
LINTER = Linter(read_rules(GLOSSARY))
CODE = "ticket_app/core/tickets/editing.py"
PAGE = "ticket_app/ui/pages/desk/queue/view.py"
COMPONENT = "ticket_app/ui/components/row_list/component.tsx"
TEST = "tests/core/test_editing.py"


def found(path: str, source: str) -> list[tuple[int, str, str]]:
    return [(each.line, each.context.value, each.word) for each in LINTER.check(path, source)]


@pytest.mark.parametrize(
    "source",
    [
        "def told(): ...",
        "async def as_told(): ...",
        "class ToldBefore: ...",
        "def render(told): ...",
        "def render(*, told_by): ...",
        "def render(*told): ...",
        "render = lambda told: None",
        "told = 1",
        "told: int = 1",
        "first, told = 1, 2",
        "for told in (): ...",
        "with open('x') as told: ...",
        "import json as told",
        "self.told = 1",
        "isToldToday = 1",
        "TOLD = 1",
        "if (told := 1): ...",
    ],
)
def test_refused_word_is_found_in_every_kind_of_identifier(source: str) -> None:
    assert found(CODE, source) == [(1, "identifier", "told")]


@pytest.mark.parametrize(
    "source",
    [
        "render(told)",
        "item.told()",
        '"""What we are told."""',
        "x = 1  # told",
        "raise Invalid('You were told so.')",
        "untold = 1",
        "x = {'told': 1}",
    ],
)
def test_word_refused_in_identifiers_is_allowed_elsewhere(source: str) -> None:
    assert found(CODE, source) == []


def test_docstrings_and_comments_are_read_with_the_right_lines() -> None:
    source = '''"""Begin
anew.
"""
def sign_in():
    """Say who came
    in."""
    again = "# anew"  # we begin anew
'''
    assert found(CODE, source) == [
        (2, "docstring", "anew"),
        (5, "docstring", "came in"),
        (7, "comment", "anew"),
    ]


def test_texts_of_the_core_are_messages_and_texts_of_pages_are_interface_text() -> None:
    source = 'raise Forbidden(f"A {role} may everything here.")\n'
    assert found(CODE, source) == [(1, "message", "may everything")]
    assert found(PAGE, source) == [(1, "interface text", "may everything")]
    assert found(TEST, source) == []


def test_label_of_one_word_is_interface_text_and_a_key_is_not() -> None:
    assert found(PAGE, 'rx.heading("Desk")') == [(1, "interface text", "desk")]
    assert found(PAGE, 'rx.foreach(rows["desk"])') == []
    assert is_text("Desk")
    assert not is_text("desk")
    assert not is_text("TKT")


def test_module_and_package_names_are_read() -> None:
    assert found("ticket_app/core/apply_stand.py", "") == [(1, "module", "stand")]
    assert found("ticket_app/core/stand/__init__.py", "") == [(1, "module", "stand")]
    assert found("ticket_app/core/standard.py", "") == []


def test_css_classes_are_read_in_stylesheets_and_components() -> None:
    css = ".row { color: red; }\n.row-stand:hover { color: red; } /* anew */\n"
    assert found("assets/styles/base.css", css) == [
        (2, "comment", "anew"),
        (2, "CSS class", "stand"),
    ]
    assert found(PAGE, 'rx.el.div(class_name="row row-stand")') == [(1, "CSS class", "stand")]
    assert found(COMPONENT, '<b className="row row-stand" />') == [(1, "CSS class", "stand")]


@pytest.mark.parametrize(
    "css",
    [
        "#stand { color: red; }",
        ".row[data-stand='open'] { color: red; }",
        "@media print { #row-stand { color: red; } }",
        "@keyframes stand-up { to { opacity: 1; } }",
        ":root { --stand-width: 1px; }",
        ".row { color: red; --stand: 1px }",
    ],
)
def test_other_names_of_a_stylesheet_are_read(css: str) -> None:
    assert found("assets/styles/base.css", css) == [(1, "CSS name", "stand")]


@pytest.mark.parametrize(
    "css",
    [
        ".row { background: url(a.stand); }",
        ".row { color: var(--stand); }",
        ".standard { color: red; }",
        "/* .stand { --stand: 1px; } */",
    ],
)
def test_values_and_comments_of_a_stylesheet_are_no_names(css: str) -> None:
    assert found("assets/styles/base.css", css) == []


def test_ids_and_data_attributes_of_components_are_read() -> None:
    assert found(PAGE, 'rx.el.div(id="stand")') == [(1, "CSS name", "stand")]
    assert found(PAGE, 'rx.el.div(id=f"stand-{key}")') == [(1, "CSS name", "stand")]
    assert found(PAGE, "rx.el.div(data_stand=is_open)") == [(1, "CSS name", "stand")]
    assert found(CODE, 'pytest.param(1, id="stand")') == []
    assert found(COMPONENT, '<b id="stand" />') == [(1, "CSS name", "stand")]
    assert found(COMPONENT, "<b data-row-stand={isOpen} />") == [(1, "CSS name", "stand")]


def test_log_events_and_their_fields_are_read() -> None:
    assert found(CODE, 'log().info("bell_rang")') == [(1, "log event", "bell*")]
    assert found(CODE, 'logger.warning("late", bells=3)') == [(1, "log event", "bell*")]
    assert found(CODE, 'page.info("bell_rang")') == []


def test_names_of_tests_are_checked() -> None:
    assert found(TEST, "def test_what_was_told(): ...") == [(1, "name of a test", "told")]
    assert found(TEST, "def helper_told(): ...") == [(1, "identifier", "told")]


@pytest.mark.parametrize(
    "name",
    [
        "test_it_works",
        "test_filters",
        "test_wrong_fields",
        "test_it_is_refused_at_once",
        "test_its_parameters_are_read",
    ],
)
def test_names_of_tests_without_a_statement_are_refused(name: str) -> None:
    assert found(TEST, f"def {name}(): ...") == [(1, "name of a test", words_of(name))]
    assert found(CODE, f"def {name}(): ...") == []


def test_names_of_tests_with_a_statement_are_accepted() -> None:
    assert found(TEST, "def test_inactive_user_cannot_sign_in(): ...") == []
    assert found(TEST, "def test_memory_is_bounded(): ...") == []


def test_words_of_product_code_are_allowed_in_tests() -> None:
    assert found(CODE, "stranger = 1") == [(1, "identifier", "stranger")]
    assert found(TEST, "def test_stranger_gets_404(stranger): ...") == []


def test_docs_are_read_without_their_code() -> None:
    text = "# The desk\n\nRun `desk` or\n```\ndesk anew\n```\nSee [it](desk.md).\nA service desk.\n"
    assert found("docs/README.md", text) == [(1, "docs", "desk")]


def test_javascript_is_read() -> None:
    source = "// anew\nconst told = 'may everything';\nfunction Told() {}\n/* came\n in */\n"
    assert found("assets/js/keys.js", source) == [
        (1, "comment", "anew"),
        (2, "interface text", "may everything"),
        (2, "identifier", "told"),
        (3, "identifier", "told"),
        (4, "comment", "came in"),
    ]


def test_exceptions_of_a_row_allow_phrases_and_paths() -> None:
    assert found(CODE, "part = 1") == [(1, "identifier", "part")]
    assert found(CODE, "part_of_speech = 1") == []
    assert found("ticket_app/api/kit/files.py", "part = 1") == []


def test_marked_line_is_allowed() -> None:
    assert found(CODE, "told = 1  # plain-english: allow, a name of the document") == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (CODE, "forsooth = 1"),
        (CODE, '"""Forsooth."""'),
        (CODE, "# forsooth"),
        (CODE, "x = 'Forsooth, it is.'"),
        (PAGE, "x = 'Forsooth'"),
        ("ticket_app/forsooth.py", ""),
        ("assets/styles/base.css", ".forsooth {}"),
        (CODE, "log.info('forsooth')"),
        (TEST, "def test_ticket_is_forsooth(): ..."),
        ("docs/guide.md", "Forsooth"),
    ],
)
def test_word_refused_everywhere_is_refused_in_each_context(path: str, source: str) -> None:
    assert [word for _, _, word in found(path, source)] == ["forsooth"]


def test_identifiers_are_split_into_words() -> None:
    assert words_of("promise_kept") == "promise kept"
    assert words_of("PromiseKept") == "promise kept"
    assert words_of("HTTPServerError") == "http server error"
    assert words_of("row-wide") == "row wide"


@pytest.mark.parametrize(
    "glossary",
    [
        "# Glossary",
        "## Words we do not use\n\nNone.",
        "## Words we do not use\n| not | but | refused in |\n|---|---|---|\n| told | payload |",
        "## Words we do not use\n| not | but | refused in |\n|---|---|---|\n| told | it | here |",
    ],
)
def test_glossary_that_cannot_be_read_is_an_error(glossary: str) -> None:
    with pytest.raises(GlossaryError):
        read_rules(glossary)


def test_table_of_this_project_can_be_read() -> None:
    rules = read_rules((ROOT / GLOSSARY_FILE).read_text(encoding="utf-8"))
    assert {rule.word for rule in rules} >= {"told", "promise", "may everything"}


def test_files_are_found_and_the_glossary_itself_is_not_checked(tmp_path: Path) -> None:
    for name, text in {
        "docs/glossary.md": GLOSSARY,
        "README.md": "anew",
        "ticket_app/app.py": "told = 1",
        "ticket_app/__pycache__/app.py": "told = 1",
        "var/x.py": "told = 1",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert [str(each) for each in check_files(tmp_path, files(tmp_path))] == [
        "ticket_app/app.py:1: 'told' (identifier): write payload",
        "README.md:1: 'anew' (docs): write again, signed in",
    ]
