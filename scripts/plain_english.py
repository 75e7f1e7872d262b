"""Find words that the glossary refuses, and name what to say instead.

The table "Words we do not use" in `docs/glossary.md` is the only list. Its columns are:

- not: one word or several, separated by commas. A phrase ("came in") also matches `came_in`, and
  an asterisk stands for any ending (`retie*`). What stands in parentheses is a remark; the remark
  "in product code" leaves tests and scripts alone.
- but: what to write.
- refused in: names (of functions, classes, variables, modules, tests), docs (docstrings, comments,
  Markdown), texts (messages, interface texts), css (classes, ids, data attributes, properties,
  animations), logs (events, fields); or all.
- except (optional): phrases in which the word is right, and paths (with a slash) where it is; also
  with remarks in parentheses.

The name of a test states a behaviour: at least three words after `test_`, with a subject ("it" is
none). `test_it_works` and `test_filters` are refused.

A line that must keep such a word ends with a comment that contains `plain-english: allow`.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = "docs/glossary.md"
HEADING = "## Words we do not use"
ALLOWED = "plain-english: allow"
PLACES = (
    "ticket_app",
    "tests",
    "scripts",
    "benchmarks",
    "sdk",
    "assets",
    "docs",
    "rxconfig.py",
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
)
SKIPPED = frozenset({"__pycache__", "node_modules", "external", "fonts", "dist", "build"})
UNCLEAR_TEST_NAME = re.compile(r"test(?: \w+){1,2}|test (?:it|its|this|that) .*")
STATEMENT = "the behaviour as a statement, with a subject and at least three words"
LOG_METHODS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})
CLASS_ARGUMENTS = frozenset({"class_name", "className"})


class Context(StrEnum):
    """Where a word is used."""

    IDENTIFIER = "identifier"
    MODULE = "module"
    TEST = "name of a test"
    DOCSTRING = "docstring"
    COMMENT = "comment"
    MARKDOWN = "docs"
    MESSAGE = "message"
    INTERFACE = "interface text"
    CSS_CLASS = "CSS class"
    CSS_NAME = "CSS name"
    LOG_EVENT = "log event"


COLUMN: dict[str, set[Context]] = {
    "names": {Context.IDENTIFIER, Context.MODULE, Context.TEST},
    "docs": {Context.DOCSTRING, Context.COMMENT, Context.MARKDOWN},
    "texts": {Context.MESSAGE, Context.INTERFACE},
    "css": {Context.CSS_CLASS, Context.CSS_NAME},
    "logs": {Context.LOG_EVENT},
    "all": set(Context),
}
"""What the words of the third column stand for."""


@dataclass(frozen=True)
class Use:
    """A name or a text in a file; names are given as their words, in lower case."""

    line: int
    context: Context
    text: str


@dataclass(frozen=True)
class Rule:
    """A refused word or phrase with its replacement."""

    word: str
    instead: str
    contexts: frozenset[Context]
    allowed_phrases: tuple[str, ...] = ()
    allowed_paths: tuple[str, ...] = ()

    def allows(self, path: str, text: str, start: int, end: int) -> bool:
        """Return whether an exception covers the match at `start` to `end`."""
        if any(path == allowed or path.startswith(allowed) for allowed in self.allowed_paths):
            return True
        return any(
            found.start() <= start and end <= found.end()
            for phrase in self.allowed_phrases
            for found in re.finditer(_pattern(phrase), text, re.IGNORECASE)
        )


@dataclass(frozen=True)
class Violation:
    """A refused word in a file."""

    path: str
    line: int
    context: Context
    word: str
    instead: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.word!r} ({self.context}): write {self.instead}"


class GlossaryError(Exception):
    """The glossary's table cannot be read."""


def read_rules(glossary: str) -> list[Rule]:
    """Return the rules of the table below the heading.

    Raises:
        GlossaryError: The table is missing, or a row names no known context.
    """
    _, found, rest = glossary.partition(HEADING)
    rows = [line for line in rest.split("\n## ")[0].splitlines() if line.startswith("|")]
    if not found or len(rows) < 3:
        raise GlossaryError(f"{GLOSSARY} has no table below '{HEADING}'")
    return [rule for row in rows[2:] for rule in _rules_of_row(row)]


def _rules_of_row(row: str) -> Iterator[Rule]:
    columns = [column.strip() for column in re.split(r"(?<!\\)\|", row.strip().strip("|"))]
    if len(columns) < 3:
        raise GlossaryError(f"{GLOSSARY}: a row needs a word, its replacement and where: {row}")
    exceptions = _items(_without_remarks(columns[3])) if len(columns) > 3 else []
    paths = [item.rstrip("*") for item in exceptions if "/" in item]
    if "(in product code)" in columns[0]:
        paths += [f"{place}/" for place in PLACES if place != "ticket_app"]
    for word in _items(_without_remarks(columns[0])):
        yield Rule(
            word=_as_phrase(word),
            instead=columns[1],
            contexts=_contexts(columns[2]),
            allowed_phrases=tuple(_as_phrase(item) for item in exceptions if "/" not in item),
            allowed_paths=tuple(paths),
        )


def _without_remarks(text: str) -> str:
    return re.sub(r"\([^)]*\)", "", text)


def _items(text: str) -> list[str]:
    return [item for part in text.split(",") if (item := part.strip().strip("`\"'").strip())]


def _as_phrase(word: str) -> str:
    """Return a word, a phrase or an identifier as words in lower case."""
    return word.lower() if " " in word else words_of(word)


def _contexts(text: str) -> frozenset[Context]:
    names = _items(text)
    if not names or not COLUMN.keys() >= set(names):
        raise GlossaryError(f"{GLOSSARY}: {text!r} is not a list of {', '.join(COLUMN)}")
    return frozenset(set().union(*(COLUMN[name] for name in names)))


def words_of(name: str) -> str:
    """Return the words of an identifier in lower case, separated by spaces."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\-.$]+", " ", name)
    return spaced.strip().lower()


def is_text(literal: str) -> bool:
    """Return whether people read a string literal: it has a space, or begins like a label."""
    stripped = literal.strip()
    return " " in stripped or (stripped[:1].isupper() and stripped[1:].islower())


def uses_in_module_name(path: str) -> Iterator[Use]:
    """Yield the name of a module, and of its folder if it is the package's own file."""
    file = Path(path)
    name = file.parent.name if file.stem == "__init__" else file.stem
    yield Use(1, Context.MODULE, words_of(name))


PYTHON_TOKENS = re.compile(
    r"\"\"\".*?(?<!\\)\"\"\"|'''.*?(?<!\\)'''"
    r"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|#(?P<comment>[^\n]*)",
    re.DOTALL,
)


DEFINITIONS = frozenset(
    {
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.ClassDef,
        ast.arg,
        ast.Name,
        ast.Attribute,
        ast.alias,
        ast.ExceptHandler,
    }
)


def uses_in_python(path: str, source: str) -> Iterator[Use]:
    """Yield the names that a Python file defines, its texts and its comments."""
    yield from uses_in_module_name(path)
    for line, comment in _comments(source):
        yield Use(line, Context.COMMENT, comment)
    is_test = path.startswith("tests/")
    literals = Context.INTERFACE if path.startswith("ticket_app/ui/") else Context.MESSAGE
    for use in _uses_in_tree(ast.parse(source), literals):
        if use.context is not literals or (is_text(use.text) and not is_test):
            yield use


def _uses_in_tree(tree: ast.AST, literals: Context) -> Iterator[Use]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Name(ctx=ast.Load()) | ast.expr_context() | ast.operator() | ast.cmpop():
                continue
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield Use(node.lineno, Context.DOCSTRING, text)
                continue
            case ast.Constant(value=str(text)):
                yield Use(node.lineno, literals, text)
            case ast.JoinedStr():
                text = "".join(_constant(value) or "{}" for value in node.values)
                yield Use(node.lineno, literals, text)
                waiting += [value for value in node.values if not isinstance(value, ast.Constant)]
                continue
            case ast.Call():
                yield from _uses_in_call(node, is_page=literals is Context.INTERFACE)
            case _ if type(node) in DEFINITIONS:
                yield from _names(node)
        waiting += ast.iter_child_nodes(node)


def _constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _names(node: ast.AST) -> Iterator[Use]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            is_test = node.name.startswith("test_")
            context = Context.TEST if is_test else Context.IDENTIFIER
            yield Use(node.lineno, context, words_of(node.name))
        case ast.arg():
            yield Use(node.lineno, Context.IDENTIFIER, words_of(node.arg))
        case ast.Name(ctx=ast.Store()):
            yield Use(node.lineno, Context.IDENTIFIER, words_of(node.id))
        case ast.Attribute(ctx=ast.Store()):
            yield Use(node.lineno, Context.IDENTIFIER, words_of(node.attr))
        case ast.alias(asname=str(name)):
            yield Use(node.lineno, Context.IDENTIFIER, words_of(name))
        case ast.ExceptHandler(name=str(name)):
            yield Use(node.lineno, Context.IDENTIFIER, words_of(name))
        case _:
            return


def _uses_in_call(node: ast.Call, *, is_page: bool) -> Iterator[Use]:
    """Yield the event and the fields of a log call, and what CSS can select of a component."""
    if _is_log_call(node) and node.args:
        names = [_constant(node.args[0]), *(keyword.arg or "" for keyword in node.keywords)]
        for name in filter(None, names):
            yield Use(node.lineno, Context.LOG_EVENT, words_of(name))
    for keyword in node.keywords:
        if keyword.arg in CLASS_ARGUMENTS:
            yield from _css_names(keyword.value, Context.CSS_CLASS)
        elif is_page and keyword.arg == "id":
            yield from _css_names(keyword.value, Context.CSS_NAME)
        elif is_page and (keyword.arg or "").startswith("data_"):
            yield Use(keyword.lineno, Context.CSS_NAME, words_of(keyword.arg or ""))


def _css_names(value: ast.expr, context: Context) -> Iterator[Use]:
    for inner in ast.walk(value):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield Use(inner.lineno, context, words_of(inner.value))


def _is_log_call(node: ast.Call) -> bool:
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in LOG_METHODS:
        return False
    logger = ast.unparse(node.func.value).lower().removesuffix("()")
    return logger.endswith(("log", "logger"))


def _comments(source: str) -> Iterator[tuple[int, str]]:
    line, position = 1, 0
    for token in PYTHON_TOKENS.finditer(source):
        line += source.count("\n", position, token.start())
        position = token.start()
        if (comment := token["comment"]) is not None:
            yield line, comment


JAVASCRIPT_TOKENS = re.compile(
    r"\bclassName=\"(?P<classes>[^\"]*)\"|\bid=\"(?P<id>[^\"]*)\"|\bdata-(?P<data>[\w-]+)="
    r"|\"(?P<double>(?:\\.|[^\"\\\n])*)\"|'(?P<single>(?:\\.|[^'\\\n])*)'|`(?P<template>(?:\\.|[^`\\])*)`"
    r"|//(?P<line>[^\n]*)|/\*(?P<block>.*?)\*/"
    r"|\b(?:const|let|var|function|class|interface|type|enum)\s+(?P<name>[\w$]+)",
    re.DOTALL,
)


def uses_in_javascript(path: str, source: str) -> Iterator[Use]:
    """Yield the names that a JavaScript or TypeScript file declares, its texts and comments."""
    yield from uses_in_module_name(path)
    for token in JAVASCRIPT_TOKENS.finditer(source):
        line = source.count("\n", 0, token.start()) + 1
        text = token[token.lastgroup or 0]
        match token.lastgroup:
            case "name":
                yield Use(line, Context.IDENTIFIER, words_of(text))
            case "classes":
                yield Use(line, Context.CSS_CLASS, words_of(text))
            case "id" | "data":
                yield Use(line, Context.CSS_NAME, words_of(text))
            case "line" | "block":
                yield Use(line, Context.COMMENT, text)
            case _ if is_text(text):
                yield Use(line, Context.INTERFACE, text)
            case _:
                continue


CSS_COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)
CSS_DECLARATIONS = re.compile(r"\{[^{}]*\}")
CSS_SELECTED = re.compile(
    r"\.(?P<class>[a-zA-Z_][\w-]*)|#(?P<id>[\w-]+)|\[data-(?P<data>[\w-]+)"
    r"|@keyframes\s+(?P<animation>[\w-]+)"
)
CSS_PROPERTY = re.compile(r"--([\w-]+)(?=\s*:)")


def uses_in_css(path: str, source: str) -> Iterator[Use]:  # noqa: ARG001
    """Yield the names that a style sheet selects or defines, and its comments."""

    def line(match: re.Match[str]) -> int:
        return source.count("\n", 0, match.start()) + 1

    for match in CSS_COMMENT.finditer(source):
        yield Use(line(match), Context.COMMENT, match[1])
    rules = CSS_COMMENT.sub(_blank, source)
    for match in CSS_SELECTED.finditer(CSS_DECLARATIONS.sub(_blank, rules)):
        context = Context.CSS_CLASS if match.lastgroup == "class" else Context.CSS_NAME
        yield Use(line(match), context, words_of(match[match.lastgroup or 0]))
    for match in CSS_PROPERTY.finditer(rules):
        yield Use(line(match), Context.CSS_NAME, words_of(match[1]))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


CODE_IN_MARKDOWN = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)]*\)", re.DOTALL)


def uses_in_markdown(path: str, source: str) -> Iterator[Use]:  # noqa: ARG001
    """Yield the prose of a Markdown file; code and the targets of links are left out."""
    yield Use(1, Context.MARKDOWN, CODE_IN_MARKDOWN.sub(_blank, source))


READERS: dict[str, Callable[[str, str], Iterator[Use]]] = {
    ".py": uses_in_python,
    ".css": uses_in_css,
    ".md": uses_in_markdown,
    **dict.fromkeys((".js", ".jsx", ".mjs", ".ts", ".tsx"), uses_in_javascript),
}


def _pattern(phrase: str) -> str:
    words = (re.escape(word).replace(r"\*", r"\w*") for word in phrase.split())
    return r"(?<!\w)" + r"[\s_]+".join(words) + r"(?!\w)"


class Linter:
    """Checks files against the rules of a glossary."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: dict[Context, list[tuple[re.Pattern[str], Rule]]] = {}
        self._any: dict[Context, re.Pattern[str]] = {}
        for context in Context:
            here = [rule for rule in rules if context in rule.contexts]
            self._rules[context] = [
                (re.compile(_pattern(rule.word), re.IGNORECASE), rule) for rule in here
            ]
            choices = "|".join(_pattern(rule.word) for rule in here) or r"(?!)"
            self._any[context] = re.compile(choices, re.IGNORECASE)

    def check(self, path: str, source: str) -> list[Violation]:
        """Return the violations in a file, in the order of their lines."""
        lines = source.splitlines()
        found = {
            violation
            for use in READERS[Path(path).suffix](path, source)
            if use.context is Context.TEST or self._any[use.context].search(use.text)
            for violation in self._violations(path, use)
            if ALLOWED not in "".join(lines[violation.line - 1 : violation.line])
        }
        return sorted(found, key=lambda violation: (violation.line, violation.word))

    def _violations(self, path: str, use: Use) -> Iterator[Violation]:
        is_test = use.context is Context.TEST and path.startswith("tests/")
        if is_test and UNCLEAR_TEST_NAME.fullmatch(use.text):
            yield Violation(path, use.line, use.context, use.text, STATEMENT)
        for pattern, rule in self._rules[use.context]:
            for match in pattern.finditer(use.text):
                if not rule.allows(path, use.text, match.start(), match.end()):
                    line = use.line + use.text.count("\n", 0, match.start())
                    yield Violation(path, line, use.context, rule.word, rule.instead)


def files(root: Path) -> Iterator[Path]:
    """Yield every file whose words are checked."""
    for place in PLACES:
        top = root / place
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.suffix in READERS and path.is_file() and not SKIPPED & set(path.parts):
                yield path


def check_files(root: Path, paths: Iterable[Path]) -> list[Violation]:
    """Return the violations in files below `root` under its glossary."""
    linter = Linter(read_rules((root / GLOSSARY).read_text(encoding="utf-8")))
    return [
        violation
        for path in paths
        if (name := path.relative_to(root).as_posix()) != GLOSSARY
        for violation in linter.check(name, path.read_text(encoding="utf-8"))
    ]


def print_counts(violations: list[Violation]) -> None:
    """Print how many violations each folder, each context and each word has."""
    folders = Counter("/".join(violation.path.split("/")[:-1][:4]) for violation in violations)
    contexts = Counter(violation.context.value for violation in violations)
    words = Counter(violation.word for violation in violations)
    for title, counts in (("folder", folders), ("context", contexts), ("word", words)):
        print(f"by {title}")
        for name, count in counts.most_common():
            print(f"{count:7} {name or '.'}")
    print(f"{len(violations)} violations")


def main() -> int:
    """Check the files given, or all of them; return 1 if words are refused."""
    parser = argparse.ArgumentParser(description="Find words that docs/glossary.md refuses.")
    parser.add_argument("--count", action="store_true", help="print numbers instead of lines")
    parser.add_argument("paths", nargs="*", type=Path, help="files to check (default: all)")
    arguments = parser.parse_args()
    wanted = {path.resolve() for path in arguments.paths}
    checked = [path for path in files(ROOT) if not wanted or path in wanted]
    try:
        violations = check_files(ROOT, checked)
    except GlossaryError as error:
        print(error, file=sys.stderr)
        return 2
    if arguments.count:
        print_counts(violations)
    else:
        print("\n".join(map(str, violations)) or "No refused words.")
    return bool(violations)


if __name__ == "__main__":
    sys.exit(main())
