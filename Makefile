# make demo    sets itself up and opens a room on the built-in phantom
# make test    sets itself up and runs the tests
# make bench   prints ratios to named peers, measured in one run
# make soak    the long runs
# make browsers  every browser test, also those too long for make test
# make check   formatting, linting, types, layers
# make screenshots  takes the pictures of docs/screenshots anew
# make client  rebuilds the browser client (needs npm; users do not)

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test bench soak browsers check screenshots client client-check clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

# The stamps change with what they were made from, so a later pull sets itself up again.
$(VENV)/.runtime: pyproject.toml constraints.txt tools/require_debian.sh
	@bash tools/require_debian.sh python
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "commissure needs Python 3.11 or newer; found $$($(PYTHON) --version). Set PYTHON=python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Commissure into $(VENV) (once) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	@bash tools/require_debian.sh browser
	@echo "Installing what the tests need (once) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(VENV)/.runtime
	@$(BIN)/commissure demo $(DEMO)

# Two at a time, a file each: on two cores it takes little more than half as long.
WORKERS ?= -n 2 --dist loadfile

test: $(VENV)/.dev
	@$(BIN)/python -m pytest $(WORKERS) $(TEST)

soak: $(VENV)/.dev
	@COMMISSURE_SOAK=1 $(BIN)/python -m pytest -m '' --timeout 3600 $(TEST)

browsers: $(VENV)/.dev
	@$(BIN)/python -m pytest -m browser tests/end_to_end

bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks $(BENCH)

screenshots: $(VENV)/.dev
	@$(BIN)/python -m tools.screenshots

check: $(VENV)/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

client:
	@cd workspace/client && npm ci --no-audit --no-fund && npm run build

client-check:
	@cd workspace/client && npm ci --no-audit --no-fund && npm run typecheck && npm test && npm run build
	@git diff --exit-code --stat -- workspace/client/dist \
	  || { echo "the committed client differs from what its sources build; run make client and commit" >&2; exit 1; }

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis workspace/client/node_modules
