"""Local React components with their Python wrappers, a folder for each.

`component.tsx` holds the components, the modules beside it what can be tested without a browser
(tests/ui/components). What a page needs is declared in the wrapper: props, events and the files to
bundle. `make check` compiles them strictly, `make test` runs their tests (scripts/components.py).
"""
