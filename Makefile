# What a developer types. Every target that needs the environment makes it first.

PYTHON ?= python3
PORT ?= 8000
JOBS ?= 3
TESTS ?= tests
SINCE ?= main
EVERY ?= 1
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PINS := --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
  --extra postgresql --extra redis --extra s3
CATALOGUES := $(wildcard compete/translations/*/LC_MESSAGES/*.po)
ASSETS := $(shell find static/js static/css -type f)

.DEFAULT_GOAL := help
.PHONY: help setup run test quick check format translations bench faults drill mutants requirements clean

help: ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; \
	do printf '  make %-14s %s\n' "$$name" "$$what"; done

setup: $(STAMPS)/catalogues ## Make .venv and install what compete needs, pinned by hash

$(STAMPS)/venv:
	@PYTHON="$(PYTHON)" sh tools/make_venv.sh "$(VENV)"
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/requirements: $(STAMPS)/venv requirements-dev.txt
	@echo "Installing the packages that requirements-dev.txt pins; the first time this takes a minute."
	@sh tools/install.sh $(VENV) requirements-dev.txt
	@touch $@

$(STAMPS)/package: $(STAMPS)/requirements pyproject.toml hatch_build.py
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/catalogues: $(STAMPS)/package $(CATALOGUES) $(ASSETS)
	@$(BIN)/python hatch_build.py >/dev/null
	@$(BIN)/python -m compileall -q compete migrations sample_events
	@touch $@

run: setup ## Start the demonstration (LAN=1 opens it to the local network, TLS=1 by HTTPS, PORT=8000)
	@$(BIN)/compete demo --port $(PORT) $(if $(filter-out 0,$(LAN)),--lan) $(if $(filter-out 0,$(TLS)),--tls)

test: setup ## Run every test, with pages in Chromium (TESTS=path narrows, JOBS=3)
	@sh tools/find_browser.sh
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder \
	  --max-worker-restart 0 $(TESTS)

quick: setup ## Run the tests that the changes since main touch (SINCE=HEAD, a branch)
	@$(BIN)/python -m tools.quick $(SINCE)

check: setup ## Lint, types, layers, migrations, translations, files, known weaknesses
	@$(BIN)/python -m tools.check

format: setup ## Put imports and layout in order
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

translations: setup ## Bring new texts into the catalogues and drop those no longer used
	@$(BIN)/python -m tools.translations --update

bench: setup ## Measure speed (tests/bench); prints tables
	@$(BIN)/python -m tools.scripts tests/bench

faults: setup ## Break the network and the server on purpose (tests/faults)
	@$(BIN)/python -m tools.scripts tests/faults

drill: setup ## Two hosts of one site, whose machines die in turn (tests/drill; six minutes)
	@$(BIN)/python -m tests.drill.hosts

mutants: setup ## Change a line at a time and ask the tests (SCOPES="marking acts", EVERY=1, first or all; or SAMPLE=40)
	@nice $(BIN)/python -m tools.mutants --every $(EVERY) $(if $(SAMPLE),--sample $(SAMPLE)) $(SCOPES)

requirements: ## Pin the newest versions that pyproject.toml allows (needs uv)
	uv pip compile $(PINS) --group dev pyproject.toml -o requirements-dev.txt
	uv pip compile $(PINS) --constraint requirements-dev.txt pyproject.toml -o requirements.txt

clean: ## Remove what was built; keeps the data in var/
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis \
	  .import_linter_cache tests/browser/pictures
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find compete -name '*.mo' -delete
	rm -rf compete/_minified
