# Everything a developer does. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WEB := services/dispatcher/web
WEB_STAMP := $(WEB)/node_modules/.installed
PAGES := $(WEB)/dist/.built
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix $(WEB) --silent --no-update-notifier
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help install pages run test browser lint format lock bench budgets screenshots days clean

help:  ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) $(PAGES)  ## make .venv with everything from the locks, and build the pages

pages: $(PAGES)  ## build the pages (after a change in services/dispatcher/web)

$(STAMP): pyproject.toml requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Doorstep needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(WEB_STAMP): $(STAMP) $(WEB)/package.json $(WEB)/package-lock.json
	$(NPM) ci
	@touch $@

$(PAGES): $(WEB_STAMP) $(shell find $(WEB) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -name 'schema.d.ts' -not -name openapi.json)
	$(NPM) run build
	@touch $@

run: install  ## serve a small city on this machine until Ctrl-C
	@exec $(BIN)/doorstep up

test: install lint browser  ## lint, then every test on real servers and in a real browser
	$(NPM) run test
	$(BIN)/pytest --numprocesses auto $(ARGS)

browser: install  ## find a Chromium for the tests of the pages, or install one where that may be done
	@$(BIN)/python -m tests.web.chromium

lint: install  ## ruff, mypy --strict, the import contracts; TypeScript against our own OpenAPI document, and biome
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(BIN)/doorstep openapi > $(WEB)/openapi.json
	@$(NPM) run types
	$(NPM) run check

format: install  ## let ruff and biome rewrite what they can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(NPM) run format

lock: install  ## resolve both locks anew (UPGRADE=--upgrade for newer versions)
	$(UV_COMPILE) $(UPGRADE) pyproject.toml -o requirements.lock
	$(UV_COMPILE) $(UPGRADE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

bench: install  ## load against floors, on this machine
	$(BIN)/python -m bench

budgets: install browser  ## what the pages weigh and how soon they are there, against their limits
	@$(BIN)/python -m bench.pages $(ARGS)

screenshots: install browser  ## pictures of every page and state into screenshots/ (ARGS="--only phone")
	@$(BIN)/python -m tests.web.screenshots $(ARGS)

days: install  ## play DAYS=folder with every policy, one table (ARGS="--policy doorstep --seed 2 …")
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.days $(DAYS) $(ARGS)

clean:  ## remove .venv and caches; keeps .doorstep, the data
	rm -rf $(VENV) $(WEB)/node_modules $(WEB)/dist build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
