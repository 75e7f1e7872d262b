"""Compiles the React components (sdk/react) into var/react, a package as its users get it.

Whatever the compiler objects to makes this fail, in the example app too, as does a package that is
larger than its limit.
"""

from __future__ import annotations

from node_package import ROOT, NodePackage

SOURCE = ROOT / "sdk/react"
REACT_SDK = NodePackage(
    name="react",
    source=SOURCE,
    code=SOURCE / "src",
    files=(
        "package.json",
        "package-lock.json",
        ".npmrc",
        "tsconfig.json",
        "styles.css",
        "styles.css.d.ts",
        "README.md",
        "scripts/size.mjs",
    ),
)
EXAMPLE = NodePackage(
    name="react/example",
    source=SOURCE / "example",
    code=SOURCE / "example/src",
    files=(
        "package.json",
        "package-lock.json",
        "tsconfig.json",
        "build.mjs",
        "index.html",
        "src/example.css",
    ),
)

if __name__ == "__main__":
    REACT_SDK.compile()
    EXAMPLE.compile()
    print(REACT_SDK.run("node", "scripts/size.mjs").strip())
