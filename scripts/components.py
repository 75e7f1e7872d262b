"""Compiles the components of the web app in var/components; with `test`, runs their tests.

Reflex bundles the components from their sources. This is their type check, and what Node's test
runner needs.
"""

from __future__ import annotations

import sys

from node_package import ROOT, NodePackage

SOURCE = ROOT / "ticket_app/ui/components"
COMPONENTS = NodePackage(
    name="components",
    source=SOURCE,
    code=SOURCE,
    files=("package.json", "package-lock.json", "tsconfig.json"),
)
SETUP = "./dist/testing/setup.js"

if __name__ == "__main__":
    COMPONENTS.compile()
    if "test" in sys.argv[1:]:
        print(COMPONENTS.run("node", "--import", SETUP, "--test", "dist/**/*.test.js"))
    else:
        print("The components compile.")
