# Runbell: everything a person does with this repository. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The first Python that is new enough and can make virtual environments; `make PYTHON=... install` overrides it.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3; do \
	if $$name -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo $$name; break; fi; done)

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

# The console is built with Node from PyPI, which nothing but the targets below needs: a server runs without it.
NODE := $(VENV)/.node
MODULES := frontend/node_modules/.package-lock.json
CONSOLE := src/runbell/static/runbell/manifest.json
CONSOLE_SOURCES := $(shell find frontend -name node_modules -prune -o -type f -print)
TYPES := frontend/src/lib/api/schema.d.ts
NPM := PATH="$(abspath $(BIN)):$$PATH" npm --prefix frontend --no-update-notifier --loglevel error

# What `make test` and `make bench` take: STACK=embedded|servers, ARGS="-k name", ONLY=trigger (see make help), SMOKE=1.
STACK ?=
ARGS ?=
ONLY ?=
SMOKE ?=

.PHONY: help install console types run test soak check format bench screenshots dist lock clean

help: ## List what there is.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

install: $(INSTALLED) ## Install everything into .venv.
	@:

$(INSTALLED): pyproject.toml constraints.txt
	@if [ -z "$(PYTHON)" ]; then \
		echo "Python 3.11 or newer with its venv module is needed (Debian: apt-get install python3-venv)." >&2; exit 1; fi
	@echo "Installing into $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --constraint constraints.txt --upgrade pip
	@$(PIP) install --constraint constraints.txt --build-constraint constraints.txt \
		--group edms --group test --group check --editable .
	@touch $@

$(NODE): $(INSTALLED) pyproject.toml constraints.txt
	@echo "Installing Node into $(VENV) ..."
	@$(PIP) install --constraint constraints.txt --group console
	@touch $@

$(MODULES): $(NODE) frontend/package.json frontend/package-lock.json frontend/.npmrc
	@echo "Installing what the console is built from ..."
	@$(NPM) ci --no-audit --no-fund > /dev/null
	@touch $@

$(CONSOLE): $(MODULES) $(CONSOLE_SOURCES)
	@echo "Building the console ..."
	@$(NPM) run --silent build -- --logLevel warn

console: $(CONSOLE) ## Build the console, if it is not built or older than its sources.
	@:

types: $(MODULES) ## Write the console's wire types anew from the API's OpenAPI document.
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
		RUNBELL_HOME=$$folder $(BIN)/python manage.py export_openapi_schema --api runbell.api.main.api \
		--output $$folder/openapi.json; $(NPM) run --silent types -- $$folder/openapi.json

run: $(INSTALLED) ## Start the reference project: web and worker, with demonstration data. PORT=8000, RUNBELL_HOME=./var
	@$(MAKE) console || echo "The console could not be built, so there is only the API; the lines above say why." >&2
	@exec $(BIN)/python -m edms.launcher

# Most tests of real processes wait most of the time. Each process of the tests has servers of its own.
PARALLEL := -n 3 --dist loadfile

test: $(CONSOLE) ## Run every test, Python's on SQLite + filesystem, then on PostgreSQL + Redis. STACK=embedded: on one.
	@$(if $(ARGS),:,$(NPM) test --silent)
	@for stack in $(or $(STACK),embedded servers); do \
		RUNBELL_TEST_STACK=$$stack $(BIN)/python -m pytest $(PARALLEL) $(ARGS); done

soak: $(INSTALLED) ## Work for ten minutes while something is killed every 5 s, and count. SECONDS=120 for two.
	@exec $(BIN)/python -m tests.soak $(SECONDS)

check: $(MODULES) ## Check format, lint, types, the import contract, migrations, Django's deployment checks; the console's too.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@export RUNBELL_HOME=$$(mktemp -d) DJANGO_SECRET_KEY=$$(head -c 48 /dev/urandom | base64) EDMS_HTTPS=1; \
		trap 'rm -rf "$$RUNBELL_HOME"' EXIT; set -x; \
		$(BIN)/python manage.py makemigrations --check --dry-run; \
		$(BIN)/python manage.py check --deploy --fail-level ERROR
	$(NPM) run --silent check
	@before=$$(cat $(TYPES)); $(MAKE) types; [ "$$before" = "$$(cat $(TYPES))" ] || { \
		echo "$(TYPES) was not what the API says; it is now: look at it and commit it." >&2; exit 1; }

format: $(MODULES) ## Format the code and mend what the linter can mend.
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(NPM) run --silent format

bench: $(CONSOLE) ## Measure, side by side with peers. ONLY=trigger|trigger-wait|start|record|status|history|workers|stream|memory|tick|size|console, SMOKE=1 briefly.
	@$(if $(ONLY),:,$(NPM) run --silent size)
	@exec $(BIN)/python -m benchmarks $(if $(SMOKE),--smoke) $(ONLY)

screenshots: $(CONSOLE) ## Take the pictures of the documentation anew, into docs/images/. Needs Chromium.
	@RUNBELL_SCREENSHOTS=docs/images $(BIN)/python -m pytest -q tests/browser/test_screenshots.py

dist: $(CONSOLE) ## Build the wheel and the source distribution into dist/.
	$(BIN)/python -m build --outdir dist .

lock: ## Write constraints.txt anew: the newest versions that pyproject.toml allows.
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; $(PYTHON) -m venv $$folder; \
		$$folder/bin/python -m pip install -qq --upgrade pip hatchling; \
		$$folder/bin/python -m pip install -qq --group edms --group test --group check --group console --editable .; \
		$$folder/bin/python -m pip freeze --all --exclude-editable --exclude setuptools > constraints.txt

clean: ## Remove what was built; the virtual environment and the state folder stay.
	@rm -rf build dist src/runbell/static/runbell frontend/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
