"""Print the numbers that describe the shape of the code.

Files in the largest folder, import cycles in the core, imports inside functions of the core,
annotations with `Any`, `type: ignore` comments and lines of JavaScript.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
JAVASCRIPT = (".js", ".jsx", ".mjs", ".ts", ".tsx")
TYPE_IGNORE = re.compile(r"#.*\btype: ignore\b")


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


def count_lines(paths: Iterator[Path]) -> int:
    """Count the lines of some files."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


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
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in python_files(package)}
    in_core = [tree for path, tree in trees.items() if package / "core" in path.parents]
    yield "imports inside functions of core", str(sum(map(count_imports_in_functions, in_core)))
    yield "annotations with Any", str(sum(map(count_any_annotations, trees.values())))
    ignores = sum(len(TYPE_IGNORE.findall(path.read_text(encoding="utf-8"))) for path in trees)
    yield "type: ignore comments", str(ignores)
    yield "lines of Python", str(count_lines(iter(trees)))
    scripts = javascript_files(root)
    in_assets = [path for path in scripts if root / "assets" in path.parents]
    yield "lines of JavaScript in assets", str(count_lines(iter(in_assets)))
    yield "lines of JavaScript in all", str(count_lines(iter(scripts)))


def _cycles_text(cycles: list[list[str]]) -> str:
    modules = ["; ".join(name.removeprefix("ticket_app.core.") for name in c) for c in cycles]
    return f"{len(cycles)}" + "".join(f"\n    {names}" for names in modules)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))  # where grimp looks for the package
    for name, value in numbers(ROOT):
        print(f"{name:<34} {value}")
