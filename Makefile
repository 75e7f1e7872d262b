# `make run` serves the desk, `make test` runs every test; both need only Python 3.11 and make.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: run dev test test-fast coverage check words numbers packages format hooks clean help
.SUFFIXES:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
RUN := .venv/.run-$(shell cksum < requirements.txt | tr -d ' ')
DEV := .venv/.dev-$(shell cat requirements.txt requirements-dev.txt | cksum | tr -d ' ')

run: $(RUN) ## Serve the desk on http://127.0.0.1:8000 (HOST, PORT), with demo data the first time
	@exec $(BIN)/python -m ticket_app serve

dev: $(DEV) ## Serve for development: pages and API reload when a file is saved (HOST, PORT)
	@exec $(BIN)/python -m ticket_app dev

test: $(DEV) ## Run every test, or one of them: make test T=tests/core/test_x.py::test_y (ARGS go to pytest)
ifdef T
	@$(BIN)/python -m pytest -p no:hypothesispytest $(ARGS) $(T)  # the plugin takes a second to start
else
	@$(BIN)/python -m ticket_app build
	@$(BIN)/python -m pytest -n 2 --durations=25 $(ARGS)
endif

test-fast: $(DEV) ## Run the tests of the core and the API, on SQLite only
	@$(BIN)/python -m pytest -n 2 -k "not postgresql" $(ARGS) tests/core tests/api

coverage: $(DEV) ## Run all but the browser tests and report what they cover (var/coverage/index.html)
	@$(BIN)/python -m pytest -n 2 -m "not browser" --durations=25 \
	  --cov --cov-report=term:skip-covered --cov-report=html:var/coverage $(ARGS)

check: $(DEV) ## Format, lint, types (also of the JavaScript), import contracts, words, docstrings, limits of the code's shape, migration drift
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-logo --cache-dir var/imports
	@$(BIN)/python scripts/refused_calls.py
	@$(BIN)/python scripts/plain_english.py
	@$(BIN)/python scripts/docstrings.py
	@$(BIN)/python scripts/code_numbers.py --check
	@scripts/drift
	@$(BIN)/python scripts/sdk.py
	@$(BIN)/python scripts/react_sdk.py
	@$(BIN)/python scripts/components.py
	@$(BIN)/pyright

words: $(DEV) ## Find the words that docs/glossary.md refuses
	@$(BIN)/python scripts/plain_english.py

numbers: $(DEV) ## Count what describes the shape of the code
	@$(BIN)/python scripts/code_numbers.py

packages: $(DEV) ## Build the SDKs' packages into dist/: wheels, source distributions and npm tarballs
	@$(BIN)/python -m scripts.packages dist

format: $(DEV) ## Format every file and fix what the linter can fix
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

hooks: $(DEV) ## Check what is committed, from now on (pre-commit)
	@$(BIN)/pre-commit install

clean: ## Remove what was built (not var/'s data)
	@rm -rf dist var/web var/web.lock var/web-dev var/web-dev-notes var/coverage var/sdk var/sdk.lock var/react var/react.lock var/components var/components.lock var/proof-* .pytest_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

help: ## List the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

.venv/bin/python:
	@$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed"'
	@$(PYTHON) -m venv .venv

$(RUN): | .venv/bin/python
	@echo "Installing what the desk runs on ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.txt
	@rm -f .venv/.run-*; touch $@

$(DEV): | .venv/bin/python
	@echo "Installing what the tests run on ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	@rm -f .venv/.run-* .venv/.dev-*; touch $@ $(RUN)
