"""Compiles the JavaScript SDK (sdk/javascript) into var/sdk, a package as its users get it.

Whatever the compiler objects to makes this fail, so it is the SDK's type check as well.
"""

from __future__ import annotations

from node_package import ROOT, NodePackage

SOURCE = ROOT / "sdk/javascript"
SDK = NodePackage(
    name="sdk",
    source=SOURCE,
    code=SOURCE / "src",
    files=("package.json", "package-lock.json", "tsconfig.json", "README.md"),
)

if __name__ == "__main__":
    SDK.compile()
    print("The JavaScript SDK compiles.")
