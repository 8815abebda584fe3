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
.PHONY: help run test lint proof screens chaos schema vendor lock chromium php extension plugin

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/installed-run $(DATA)/schema/made vendor ## Start everything, with two stores to try (PORT=8000)
	$(BIN)/doorstep up --tied

test: .venv/installed-dev $(DATA)/schema/made vendor chromium php ## Install, lint and run all tests
	$(BIN)/python -m tests.parts

lint: .venv/installed-dev ## Style, types and the import laws
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

proof: .venv/installed-dev $(DATA)/schema/made vendor chromium php ## The tests with full counts; table in var/reports/proof.json
	DOORSTEP_PROOF=1 $(BIN)/pytest --timeout=3600

screens: .venv/installed-dev $(DATA)/schema/made vendor chromium ## Shoot every page, mail and story; contact sheets in docs/screens
	DOORSTEP_SCREENS=docs $(BIN)/pytest tests/browser/test_pages.py tests/browser/test_mails_shown.py tests/browser/test_story.py

chaos: .venv/installed-dev $(DATA)/schema/made ## Kill everything for a while and count mails (SMOKE=1: shorter)
	$(BIN)/python -m tests.chaos

schema: $(DATA)/schema/made ## Make the Admin API schema that the fake Shopify answers over

extension: .venv/installed-run ## Write what is published with Shopify (DOORSTEP_ADDRESS, SHOPIFY_API_KEY)
	$(BIN)/doorstep extension --to $(DATA)/shopify

plugin: .venv/installed-run ## Write the WordPress plugin as one archive (DOORSTEP_ADDRESS)
	$(BIN)/doorstep plugin --to $(DATA)/woocommerce/doorstep.zip

vendor: static/vendor/htmx.min.js ## Bring htmx into static/vendor; release builds need it too

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

static/vendor/htmx.min.js: node_modules/installed
	@mkdir -p $(@D) && cp node_modules/htmx.org/dist/htmx.min.js $@

# Debian's own Chromium and the fonts of the screenshots. Where it is missing, the tests fail: none is skipped.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
		as=; test "$$(id -u)" = 0 || as='sudo -n'; \
		$$as apt-get -qq update && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			chromium fonts-dejavu-core fonts-liberation fonts-noto-core fonts-noto-color-emoji >/dev/null; \
	} || { \
		echo 'The tests need Chromium, and it could not be installed (see above). On Debian: apt install chromium'; \
		echo 'Elsewhere install Chromium or Chrome so that "chromium" or "google-chrome" starts it.'; exit 1; }

# Debian's own PHP runs the WordPress plugin in the tests, and nothing else does. Without it they fail, too. WordPress
# itself needs mbstring; a PHP without it would prove less.
php:
	@php -r 'exit((int) (PHP_VERSION_ID < 80200 || !extension_loaded("mbstring")));' 2>/dev/null || { \
		as=; test "$$(id -u)" = 0 || as='sudo -n'; \
		$$as apt-get -qq update && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			php-cli php-mbstring >/dev/null; \
	} || { \
		echo 'The tests of the WordPress plugin need PHP 8.2 or newer, and it could not be installed (see above).'; \
		echo 'On Debian: apt install php-cli php-mbstring. Elsewhere install it so that "php" starts it.'; exit 1; }
