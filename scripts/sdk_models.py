"""Write the models of the PHP, Java and C# SDKs from the API's OpenAPI description.

Run it after changing the Enterprise API: `python -m scripts.sdk_models`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from scripts import sdk_csharp, sdk_java, sdk_php
from scripts.sdk_schemas import Description, Enumeration, Model

ROOT = Path(__file__).resolve().parents[1]
Writer = Callable[
    [Sequence[Model], Sequence[Model], Sequence[Enumeration]], Iterator[tuple[str, str]]
]
LANGUAGES: dict[Path, Writer] = {
    ROOT / "sdk/php/src/Model": sdk_php.write,
    ROOT / "sdk/java/src/main/java/com/company/ticketsystem/model": sdk_java.write,
    ROOT / "sdk/dotnet/src/Models": sdk_csharp.write,
}
"""What writes the files of a folder; nothing else is in these folders but `RequestFields`."""
MARK = "Written by scripts/sdk_models.py"


def files() -> dict[Path, str]:
    """Return the content of each file."""
    description = Description()
    responses, requests = description.responses(), description.requests()
    enumerations = [description.enumerations[name] for name in sorted(description.enumerations)]
    return {
        folder / name: content
        for folder, write in LANGUAGES.items()
        for name, content in write(responses, requests, enumerations)
    }


def existing() -> dict[Path, str]:
    """Return the content of each file that this script has written before."""
    paths = [path for folder in LANGUAGES for path in folder.glob("*.*")]
    contents = {path: path.read_text(encoding="utf-8") for path in paths}
    return {path: content for path, content in contents.items() if MARK in content}


def main() -> None:
    """Write all files, and delete those of models that are gone."""
    written = files()
    for path in existing().keys() - written.keys():
        path.unlink()
    for path, content in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
