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

# What `make test` and `make bench` take: STACK=embedded|servers, ARGS="-k name", ONLY=trigger|start|status, SMOKE=1.
STACK ?=
ARGS ?=
ONLY ?=
SMOKE ?=

.PHONY: help install run test check format bench dist lock clean

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

run: $(INSTALLED) ## Start the reference project: web and worker, with demonstration data. PORT=8000, RUNBELL_HOME=./var
	@exec $(BIN)/python -m edms.launcher

test: $(INSTALLED) ## Run every test, on SQLite + filesystem, then on PostgreSQL + Redis. STACK=embedded runs it on one.
	@for stack in $(or $(STACK),embedded servers); do \
		RUNBELL_TEST_STACK=$$stack $(BIN)/python -m pytest $(ARGS); done

check: $(INSTALLED) ## Check format, lint, types, the import contract, migrations, and Django's own deployment checks.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@export RUNBELL_HOME=$$(mktemp -d) DJANGO_SECRET_KEY=$$(head -c 48 /dev/urandom | base64) EDMS_HTTPS=1; \
		trap 'rm -rf "$$RUNBELL_HOME"' EXIT; set -x; \
		$(BIN)/python manage.py makemigrations --check --dry-run; \
		$(BIN)/python manage.py check --deploy --fail-level ERROR

format: $(INSTALLED) ## Format the code and mend what the linter can mend.
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: $(INSTALLED) ## Measure, side by side with peers. ONLY=trigger|start|status runs one, SMOKE=1 briefly.
	@exec $(BIN)/python -m benchmarks $(if $(SMOKE),--smoke) $(ONLY)

dist: $(INSTALLED) ## Build the wheel and the source distribution into dist/.
	$(BIN)/python -m build --outdir dist .

lock: ## Write constraints.txt anew: the newest versions that pyproject.toml allows.
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; $(PYTHON) -m venv $$folder; \
		$$folder/bin/python -m pip install -qq --upgrade pip hatchling; \
		$$folder/bin/python -m pip install -qq --group edms --group test --group check --editable .; \
		$$folder/bin/python -m pip freeze --all --exclude-editable --exclude setuptools > constraints.txt

clean: ## Remove what was built; the virtual environment and the state folder stay.
	@rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
