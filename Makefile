# Everything installs itself: Python 3.11 or newer is all that must be there.

PYTHON ?= python3
DATA := $(or $(DOORSTEP_DATA),var)

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
HASHED := --require-hashes --no-build-isolation --use-pep517
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	--custom-compile-command "make lock" --quiet

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test lint proof chaos schema lock

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/installed-run $(DATA)/schema/made ## Start everything, with two stores to try (PORT=8000)
	$(BIN)/doorstep up --tied

test: .venv/installed-dev $(DATA)/schema/made lint ## Install, lint and run all tests
	$(BIN)/pytest

lint: .venv/installed-dev ## Style, types and the import laws
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

proof: .venv/installed-dev $(DATA)/schema/made ## The tests with their full counts; table in var/reports/proof.json
	DOORSTEP_PROOF=1 $(BIN)/pytest --timeout=3600

chaos: .venv/installed-dev $(DATA)/schema/made ## Kill everything for a while and count mails (SMOKE=1: shorter)
	$(BIN)/python -m tests.chaos

schema: $(DATA)/schema/made ## Make the Admin API schema that the fake Shopify answers over

lock: ## Choose versions anew from pyproject.toml and package.json (needs uv)
	echo 'setuptools>=80' | $(LOCK) - --output-file requirements/build.txt
	$(LOCK) --constraints requirements/build.txt pyproject.toml --output-file requirements/production.txt
	$(LOCK) --constraints requirements/build.txt pyproject.toml --extra sandbox --output-file requirements/run.txt
	$(LOCK) --constraints requirements/build.txt pyproject.toml --extra dev --output-file requirements/dev.txt
	rm -rf node_modules package-lock.json
	$(BIN)/npm install --package-lock-only

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Doorstep needs Python 3.11 or newer as "$(PYTHON)". Name another one: make run PYTHON=python3.12'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
		echo 'This Python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv'; exit 1; }
	$(PYTHON) -m venv .venv

# Two of the libraries come as source; what builds them is locked by hash like everything else.
.venv/installed-%: requirements/%.txt requirements/build.txt pyproject.toml | .venv/bin/python
	@$(PIP) --require-hashes -r requirements/build.txt && \
	$(PIP) $(HASHED) -r requirements/$*.txt && \
	$(PIP) --no-deps --no-build-isolation --editable . || { \
		echo 'The packages could not be installed (see above). Is the package index reachable? Try again: make $(MAKECMDGOALS)'; \
		exit 1; }
	@touch $@

node_modules/installed: package.json package-lock.json .npmrc
	@test -x $(BIN)/npm || $(MAKE) --no-print-directory .venv/installed-run
	@$(BIN)/npm ci --loglevel=error || { \
		echo 'The npm packages could not be installed (see above). Try again: make $(MAKECMDGOALS)'; exit 1; }
	@touch $@

$(DATA)/schema/made: node_modules/installed sandbox/schema.py
	$(BIN)/python -m sandbox.schema
	@touch $@
