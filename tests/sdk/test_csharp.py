"""The C# SDK parses, and uses only what there is: no compiler can be had where the tests run.

That its models are up to date is tested with those of the other languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import tree_sitter_c_sharp
from tree_sitter import Language, Node, Parser

from scripts.sdk_schemas import Description
from tests.api.serving import ROOT

SDK = ROOT / "sdk/dotnet"
PARSER = Parser(Language(tree_sitter_c_sharp.language()))


def errors(node: Node) -> Iterator[str]:
    """Yield the lines and texts that do not parse."""
    if node.is_error or node.is_missing:
        yield f"line {node.start_point[0] + 1}: {(node.text or b'').decode()[:60]}"
    for child in node.children:
        yield from errors(child)


@pytest.mark.parametrize("folder", ["src", "src/Internal", "src/Models", "src/Resources"])
def test_every_source_file_parses(folder: str) -> None:
    sources = sorted((SDK / folder).glob("*.cs"))
    assert sources
    for path in sources:
        found = [*errors(PARSER.parse(path.read_bytes()).root_node)]
        assert not found, (path.name, found)


def test_examples_of_the_readme_parse() -> None:
    readme = (SDK / "README.md").read_text()
    examples = re.findall(r"```csharp\n(.*?)```", readme, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        assert not [*errors(PARSER.parse(example.encode()).root_node)]
    assert "Not compiled here" in readme


def test_parser_finds_errors() -> None:
    assert [*errors(PARSER.parse(b"class A { int B( }").root_node)]


def resource(name: str) -> str:
    return (SDK / f"src/Resources/{name}Resource.cs").read_text()


def test_resources_return_models_that_exist() -> None:
    models = {path.stem for path in (SDK / "src/Models").glob("*.cs")}
    for path in (SDK / "src/Resources").glob("*Resource.cs"):
        used = re.findall(r"(?:One|Page)Async<(?:IReadOnlyList<)?([A-Z]\w+)>+\(", path.read_text())
        assert {*used} <= models, path.name


def test_resources_ask_for_paths_of_the_api() -> None:
    """Each path in the sources is one of the OpenAPI description, whatever its parameters."""
    known = {re.sub(r"\{\w+\}", "{}", path) for path in Description().openapi["paths"]}
    bases = {"Tickets": "/tickets/{}", "Webhooks": "/webhooks/{}"}
    seen: set[str] = set()
    for path in (SDK / "src/Resources").glob("*Resource.cs"):
        name = path.stem.removesuffix("Resource")
        source = path.read_text()
        source = re.sub(r'PathOf\(\w+\) \+ "', f'"{bases.get(name)}', source)
        source = source.replace("{PathOf(id)}", bases.get(name, ""))
        literals = re.findall(r'\$?"(/[a-z][^"]*[^/"])"', source)
        seen |= {re.sub(r"\{\w+\}", "{}", literal) for literal in literals}
    assert len(seen) > 25
    assert seen <= known


@pytest.mark.parametrize(
    ("name", "methods"),
    [
        ("Auth", "Login Refresh Me Logout"),
        ("Tickets", "Create Get List Search Update Delete Merge Unmerge"),
        ("Comments", "Create List Update Delete"),
        ("Attachments", "Upload List Get Download Delete"),
        ("Approvals", "Pending Get Act Bulk Cancel OfTicket Request"),
        ("Reports", "Dashboard Performance PerformanceFile Export"),
        ("Webhooks", "Create List Get Update Delete RotateSecret Test Deliveries Delivery Replay"),
    ],
)
def test_resources_have_the_methods_of_the_other_sdks(name: str, methods: str) -> None:
    found = set(re.findall(r"public (?:async )?Task\S* (\w+)Async\(", resource(name)))
    assert set(methods.split()) <= found
