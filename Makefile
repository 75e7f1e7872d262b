# `make run` serves the desk, `make test` runs every test; both need only Python 3.11 and make.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: run dev test check format clean help
.SUFFIXES:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
RUN := .venv/.run-$(shell cksum < requirements.txt | tr -d ' ')
DEV := .venv/.dev-$(shell cat requirements.txt requirements-dev.txt | cksum | tr -d ' ')

run: $(RUN) ## Serve the desk on http://127.0.0.1:8000 (HOST, PORT), with demo data the first time
	@exec $(BIN)/python -m ticket_app serve

dev: $(DEV) ## Serve for development: pages and API reload when a file is saved (HOST, PORT)
	@exec $(BIN)/python -m ticket_app dev

test: $(DEV) ## Run every test, browser journeys included (ARGS go to pytest)
	@$(BIN)/python -m ticket_app build
	@$(BIN)/python -m pytest -n 2 $(ARGS)

check: $(DEV) ## Format, lint, types (also of the JavaScript), import contracts, migration drift
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-logo --cache-dir var/imports
	@$(BIN)/python scripts/refused_calls.py
	@scripts/drift
	@$(BIN)/python scripts/sdk.py
	@$(BIN)/python scripts/components.py
	@$(BIN)/pyright

format: $(DEV) ## Put every file into form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## Remove what was built (not var/'s data)
	@rm -rf var/web var/web.lock var/sdk var/sdk.lock var/components var/components.lock var/proof-* .pytest_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

help: ## Say what can be made
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

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
