"""Find docstrings that have fallen behind the code, and functions of the SDKs without one.

- A name in backticks (`like_this` or `module.like_this`) must occur in the code: a docstring that
  names a function or parameter of old is false.
- A public function of the core or the Python SDK that raises one of their errors itself names it,
  as in "Raises `NotFound`."
- Exported functions and classes of the JavaScript SDKs, and the public methods of classes, have a
  comment. (ruff requires docstrings of Python functions.)

Whether a sentence is true or says more than the name, only a reader can tell.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DESCRIBED = ("ticket_app", "sdk/python")
"""Folders whose docstrings and comments name only what exists."""
NAMES_VALUES = "ticket_app/tables"
"""Not this one: its docstrings name the values that columns may have."""
VOCABULARY = (*DESCRIBED, "scripts", "alembic", "tests")
RAISING = {
    "ticket_app/core": "ticket_app/core/platform/errors.py",
    "sdk/python": "sdk/python/ticket_system_sdk/errors.py",
}
"""Folders whose public functions name the errors they raise, each with the file of the errors."""
JAVASCRIPT = ("sdk/javascript/src", "sdk/react/src")
OTHER_CODE = (".ts", ".tsx", ".js", ".css", ".yaml", ".json")
SKIPPED = frozenset({"node_modules", "dist", "__pycache__"})

NAME = re.compile(r"`([A-Za-z]\w*(?:\.\w+)*)(?<!_)(?:\(\))?`")
"""Not a prefix such as `tk_`."""
WORD = re.compile(r"\w+")
EXPORT = re.compile(r"export (?:default )?(?:abstract )?(?:async )?(?:function|class)\b")
METHOD = re.compile(
    r"  (?!private |protected |constructor|return |if |for |while |switch |throw |await |use[A-Z])"
    r"(?:static |async |get |set |\*)*[a-zA-Z]\w*(?:<.*?>)?\(.*[{(]$"
)
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def files(root: Path, folders: tuple[str, ...], suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Yield the source files below some folders in a stable order."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in suffixes and not SKIPPED.intersection(path.parts):
                yield path


def strings_without_effect(tree: ast.AST) -> list[ast.Constant]:
    """Return the docstrings of a file, and the strings that describe the assignment above them."""
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]


def words_in_code(path: Path) -> set[str]:
    """Return the identifiers of a file and the words of its strings, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = {id(node) for node in strings_without_effect(tree)}
    words = {path.stem, *path.parts}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and id(node) not in described:
                words.update(WORD.findall(node.value))
            continue
        for attribute in ("id", "attr", "arg", "name", "asname", "module"):
            text = getattr(node, attribute, None)
            if isinstance(text, str):
                words.update(WORD.findall(text))
    return words


def known_words(root: Path) -> set[str]:
    """Return every word of the code, and the environment variables of the settings."""
    words: set[str] = set()
    for path in files(root, VOCABULARY, (".py",)):
        words |= words_in_code(path)
    for path in files(root, ("ticket_app", "sdk", "assets", "tests/contracts"), OTHER_CODE):
        words.update(WORD.findall(path.read_text(encoding="utf-8")), {path.stem})
    return words | {f"TICKET_{word.upper()}" for word in words}


def unknown_names(path: Path, known: set[str]) -> Iterator[tuple[int, str]]:
    """Yield the names in a file's docstrings and comments that occur nowhere in the code."""
    source = path.read_text(encoding="utf-8")
    texts = [(node.lineno, str(node.value)) for node in strings_without_effect(ast.parse(source))]
    texts += [
        (number, line.partition("# ")[2])
        for number, line in enumerate(source.splitlines(), 1)
        if "# " in line
    ]
    for number, text in texts:
        for name in NAME.findall(text):
            if any("_" in word and word not in known for word in name.split(".")):
                yield number, f"`{name}` occurs nowhere in the code"


def raised_names(function: FunctionNode) -> set[str]:
    """Return the names of the errors that a function raises itself; `require` is `Forbidden`."""
    names: set[str] = set()
    nodes: list[ast.AST] = list(function.body)
    while nodes:
        node = nodes.pop()
        if isinstance(node, FunctionNode | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(node, ast.Raise) and node.exc is not None:
            error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            names.add(ast.unparse(error).rpartition(".")[2])
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("actor.require"):
            names.add("Forbidden")
        nodes += ast.iter_child_nodes(node)
    return names


def public_functions(tree: ast.Module | ast.ClassDef) -> Iterator[FunctionNode]:
    """Yield the public functions of a module, and the public methods of its public classes."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node)
        if isinstance(node, FunctionNode) and not node.name.startswith("_"):
            yield node


def unnamed_errors(path: Path, errors: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Yield the public functions of a file whose docstring lacks an error that they raise."""
    for function in public_functions(ast.parse(path.read_text(encoding="utf-8"))):
        docstring = ast.get_docstring(function)
        for name in sorted(raised_names(function) & errors) if docstring else ():
            if f"`{name}`" not in (docstring or ""):
                yield function.lineno, f"{function.name} raises `{name}`: name it in the docstring"


def uncommented_exports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the exported functions and classes, and public methods, that have no comment."""
    lines = ["", *path.read_text(encoding="utf-8").splitlines()]
    for number, (above, line) in enumerate(pairwise(lines), 1):
        if (EXPORT.match(line) or METHOD.match(line)) and not above.rstrip().endswith("*/"):
            yield number, f"no comment: {line.strip()}"


def problems(root: Path) -> Iterator[str]:
    """Yield what is wrong, as `path:line: problem`."""
    found: list[tuple[Path, int, str]] = []
    known = known_words(root)
    for path in files(root, DESCRIBED, (".py",)):
        if root / NAMES_VALUES in path.parents:
            continue
        found += [(path, *problem) for problem in unknown_names(path, known)]
    for folder, errors_file in RAISING.items():
        tree = ast.parse((root / errors_file).read_text(encoding="utf-8"))
        errors = frozenset(node.name for node in tree.body if isinstance(node, ast.ClassDef))
        for path in files(root, (folder,), (".py",)):
            found += [(path, *problem) for problem in unnamed_errors(path, errors)]
    for path in files(root, JAVASCRIPT, (".ts", ".tsx")):
        if ".test." not in path.name and not path.is_symlink():
            found += [(path, *problem) for problem in uncommented_exports(path)]
    for path, number, problem in found:
        yield f"{path.relative_to(root)}:{number}: {problem}"


if __name__ == "__main__":
    lines = list(problems(ROOT))
    print("\n".join(lines) or "Docstrings name what exists.")
    raise SystemExit(1 if lines else 0)
