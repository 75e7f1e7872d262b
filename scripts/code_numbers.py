"""Print the numbers that describe the shape of the code, or check their limits (`--check`).

Files in the largest folder, import cycles in the core, imports inside functions of the core,
annotations with `Any`, `type: ignore` comments, the longest files and lines of JavaScript.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
JAVASCRIPT = (".js", ".jsx", ".mjs", ".ts", ".tsx")
TYPE_IGNORE = re.compile(r"#.*\b(?:type|pyright): ignore\b")

MAX_ANY_ANNOTATIONS = 100
MAX_TYPE_IGNORES = 10
MAX_LINES = 400
"""Lines of one Python file; a longer one has more than one job."""
MAY_BE_LONGER = {"texts.py": "a catalogue of interface texts has one text a line"}
"""Files without a limit of lines, by name or by path below `ticket_app`, with the reason."""


def python_files(folder: Path) -> list[Path]:
    """Return the Python files below a folder in a stable order."""
    return sorted(folder.rglob("*.py"))


def biggest_folder(package: Path) -> tuple[str, int]:
    """Return the folder that directly holds the most Python files, and their number."""
    sizes = Counter(path.parent for path in python_files(package))
    folder, size = sizes.most_common(1)[0]
    return str(folder.relative_to(package.parent)), size


def annotations_in(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield every annotation of arguments, return values and variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
            yield node.returns


def count_any_annotations(tree: ast.AST) -> int:
    """Count the annotations that name `Any` at least once."""
    return sum(
        any(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(annotation))
        for annotation in annotations_in(tree)
    )


def count_imports_in_functions(tree: ast.AST) -> int:
    """Count the import statements inside functions."""
    functions = (
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    statements = {
        id(node)
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    return len(statements)


def import_cycles(graph: grimp.ImportGraph, package: str) -> list[list[str]]:
    """Return the groups of modules below `package` that import each other in a circle."""
    modules = {name for name in graph.modules if name.startswith(f"{package}.")}
    edges = {name: graph.find_modules_directly_imported_by(name) & modules for name in modules}
    return strongly_connected(edges)


def package_cycles(graph: grimp.ImportGraph, package: str) -> list[list[str]]:
    """Return the groups of direct children of `package` that import each other in a circle."""
    depth = package.count(".") + 2

    def child(module: str) -> str:
        return ".".join(module.split(".")[:depth])

    modules = {name for name in graph.modules if name.startswith(f"{package}.")}
    edges: dict[str, set[str]] = {child(name): set() for name in modules}
    for name in modules:
        for imported in graph.find_modules_directly_imported_by(name) & modules:
            if child(imported) != child(name):
                edges[child(name)].add(child(imported))
    return strongly_connected(edges)


def strongly_connected(edges: dict[str, set[str]]) -> list[list[str]]:
    """Return the strongly connected components of more than one node."""
    reachable = {start: reachable_from(edges, start) for start in edges}
    groups = {
        tuple(sorted(other for other in reachable[node] if node in reachable[other]))
        for node in edges
        if node in reachable[node]
    }
    return sorted(list(group) for group in groups if len(group) > 1)


def reachable_from(edges: dict[str, set[str]], start: str) -> set[str]:
    """Return the nodes that a path of at least one edge leads to."""
    seen: set[str] = set()
    waiting = list(edges[start])
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += edges[node]
    return seen


def count_lines(paths: Iterable[Path]) -> int:
    """Count the lines of some files."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def long_files(package: Path) -> Iterator[str]:
    """Yield the Python files that have more lines than allowed, with their number of lines."""
    for path in python_files(package):
        lines = count_lines([path])
        allowed = {path.name, path.relative_to(package).as_posix()} & MAY_BE_LONGER.keys()
        if lines > MAX_LINES and not allowed:
            yield f"{path.relative_to(package.parent)} ({lines} lines)"


def count_type_ignores(paths: Iterable[Path]) -> int:
    """Count the comments that switch off a type check."""
    return sum(len(TYPE_IGNORE.findall(path.read_text(encoding="utf-8"))) for path in paths)


def parse_files(package: Path) -> dict[Path, ast.Module]:
    """Return the syntax tree of each Python file of a package."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in python_files(package)}


def problems(root: Path) -> Iterator[str]:
    """Yield a sentence for each limit that the code below `root` exceeds."""
    package = root / "ticket_app"
    trees = parse_files(package)
    any_annotations = sum(map(count_any_annotations, trees.values()))
    if any_annotations > MAX_ANY_ANNOTATIONS:
        yield f"{any_annotations} annotations name Any; at most {MAX_ANY_ANNOTATIONS} may"
    ignores = count_type_ignores(trees)
    if ignores > MAX_TYPE_IGNORES:
        yield f"{ignores} comments ignore a type error; at most {MAX_TYPE_IGNORES} may"
    for path, tree in trees.items():
        if package / "core" in path.parents and count_imports_in_functions(tree):
            yield f"{path.relative_to(root)} imports inside a function"
    for file in long_files(package):
        yield f"{file} is longer than {MAX_LINES} lines: split it by its jobs"
    graph = grimp.build_graph("ticket_app", cache_dir=None)
    for cycle in import_cycles(graph, "ticket_app.core"):
        yield f"these modules import each other in a circle: {', '.join(cycle)}"


def javascript_files(root: Path) -> list[Path]:
    """Return the JavaScript and TypeScript that pages load; tests are left out."""
    return sorted(
        path
        for folder in ("assets", "ticket_app")
        for path in (root / folder).rglob("*")
        if path.suffix in JAVASCRIPT and "external" not in path.parts and ".test." not in path.name
    )


def numbers(root: Path) -> Iterator[tuple[str, str]]:
    """Yield each number of the code below `root` with its name."""
    package = root / "ticket_app"
    folder, size = biggest_folder(package)
    yield "files in the largest folder", f"{size} ({folder})"
    graph = grimp.build_graph("ticket_app", cache_dir=None)
    yield "modules", str(len(graph.modules))
    cycles = import_cycles(graph, "ticket_app.core")
    yield "import cycles in core (modules)", _cycles_text(cycles)
    yield "import cycles in core (packages)", _cycles_text(package_cycles(graph, "ticket_app.core"))
    trees = parse_files(package)
    in_core = [tree for path, tree in trees.items() if package / "core" in path.parents]
    yield "imports inside functions of core", str(sum(map(count_imports_in_functions, in_core)))
    yield "annotations with Any", str(sum(map(count_any_annotations, trees.values())))
    yield "type: ignore comments", str(count_type_ignores(trees))
    yield f"files over {MAX_LINES} lines, without texts", str(len(list(long_files(package))))
    yield "lines of Python", str(count_lines(trees))
    scripts = javascript_files(root)
    in_assets = [path for path in scripts if root / "assets" in path.parents]
    yield "lines of JavaScript in assets", str(count_lines(in_assets))
    yield "lines of JavaScript in all", str(count_lines(scripts))


def _cycles_text(cycles: list[list[str]]) -> str:
    modules = ["; ".join(name.removeprefix("ticket_app.core.") for name in c) for c in cycles]
    return f"{len(cycles)}" + "".join(f"\n    {names}" for names in modules)


def main(arguments: list[str]) -> int:
    """Print the numbers; with `--check` only the limits that are exceeded. Return the exit code."""
    sys.path.insert(0, str(ROOT))  # where grimp looks for the package
    if "--check" in arguments:
        found = list(problems(ROOT))
        print("\n".join(found) or "Every limit of the code's shape is kept.")
        return 1 if found else 0
    for name, value in numbers(ROOT):
        print(f"{name:<36} {value}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
