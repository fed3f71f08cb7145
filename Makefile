# Larder: everything a person types. `make` alone lists it.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
# The stamps of a whole install name the place of the checkout: one that was moved or copied is set up again.
READY := $(VENV)/.ready-$(shell pwd -P | cksum | cut -d' ' -f1)
# A worker a processor, four at most; a file stays with one worker, so that what it prepares is prepared once.
SIDE_BY_SIDE := -n auto --maxprocesses 4 --dist loadfile
CORE := cli.py commands words disclosure geo store risk assets bake coproduce web

.DEFAULT_GOAL := help
.PHONY: help run test long spark check lint bench lock demo clean

help: ## List what can be typed
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: $(READY) ## Set up what is needed, bake the demo place once, open the app (PORT=8600, BROWSER=none)
	@exec $(BIN)/python -m cli serve --demo

test: $(READY)-dev ## Run the tests (under eight minutes)
	@$(BIN)/python -m pytest -m "not long and not spark" $(SIDE_BY_SIDE)

long: $(READY)-dev ## Run the tests that take over a minute
	@$(BIN)/python -m pytest -m long

lint: $(READY)-dev ## Check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy $(CORE)

spark: $(READY)-spark ## Run the tests on Spark (Java 17 or later; two to three minutes)
	@command -v java >/dev/null || { echo "larder: Java is missing (Debian: apt-get install default-jre-headless)" >&2; exit 1; }
	@$(BIN)/python -m pytest -m spark

check: lint test ## Style, types and tests: what has to pass before a change is offered

bench: $(READY)-dev ## Measure speed side by side with peers (benchmarks/README.md)
	@$(BIN)/python -m benchmarks

demo: $(READY) ## Bake the demo place without opening the app
	@$(BIN)/python -m cli demo

lock: ## Pin again what a clean install brings (rewrites constraints.txt)
	@./scripts/lock.sh

clean: ## Remove the environment (places, runs and the register stay)
	rm -rf $(VENV)

# A stamp is written only after a whole install: an interrupted first run is simply done again.
$(READY): requirements.txt constraints.txt pyproject.toml scripts/larder
	@PYTHON="$(PYTHON)" ./scripts/setup.sh $(VENV) requirements.txt
	@touch $@

$(READY)-dev: requirements-dev.txt $(READY)
	@PYTHON="$(PYTHON)" ./scripts/setup.sh $(VENV) requirements-dev.txt
	@touch $@

$(READY)-spark: requirements-spark.txt $(READY)-dev
	@PYTHON="$(PYTHON)" ./scripts/setup.sh $(VENV) requirements-spark.txt
	@touch $@
