# Two commands for everyone: `make run` and `make test`. Each sets up what it needs, once.

PORT ?= 8000
SAMPLE ?= 1
JOBS ?= 2
BIN := .venv/bin
WEB_SOURCES := $(shell find web/src web/index.html web/vite.config.ts web/lean.ts assets -type f -not -path '*/node_modules/*' 2>/dev/null)

# Compiled tests are kept for the next process that reads them: there are hundreds in a test run.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-unit check format assets pictures bench build lock clean

run: .make/base .make/web  ## set up, then serve http://127.0.0.1:$(PORT) and print the office's URL
	@exec $(BIN)/tendesks serve --port $(PORT) $(if $(filter 0 no false,$(SAMPLE)),--no-samples,--samples)

test: .make/dev .make/web .make/chromium check  ## every check and every test
	$(BIN)/pytest -m "not browser" -n $(JOBS) --dist loadfile
	$(BIN)/pytest -m browser -n $(JOBS) --dist loadfile
	cd web && npm test

test-unit: .make/dev .make/npm  ## what needs neither a browser nor a database server
	$(BIN)/pytest -m "not browser and not flow"
	cd web && npm test

check: .make/dev .make/npm  ## format, lint, types, layers, web
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd web && npm run check

format: .make/dev .make/npm  ## put everything into the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	cd web && npm run format

assets: .make/npm  ## model, light and pack the office and its people anew
	sh assets/make.sh

bench: .make/dev .make/web .make/redis .make/viewers  ## measure the figures (ONLY="S1 S5": those alone) and write docs/benchmarks.md
	$(BIN)/python -m bench $(ONLY)

pictures: .make/dev .make/web .make/chromium  ## take the pictures of docs/pictures anew
	TENDESKS_PICTURES=1 $(BIN)/pytest -q -n $(JOBS) --dist loadfile tests/browser/test_pictures*.py tests/browser/test_flat.py tests/browser/test_strips.py
	$(BIN)/python -m tests.preview.write_cards

build: .make/dev .make/web  ## the wheel, web client inside
	$(BIN)/python -m build --wheel --no-isolation --outdir dist

lock: .make/dev  ## pin all dependencies anew
	.ci/lock
	cd web && npm install --package-lock-only --no-fund --no-audit && node ../.ci/complete-lock.mjs

clean:  ## forget what was set up and built
	rm -rf .make .venv .venv-assets web/node_modules server/web dist

.make/venv: .ci/venv
	@.ci/venv .venv
	@mkdir -p .make && touch $@

.make/base: .make/venv requirements/base.txt requirements/build.txt pyproject.toml
	@echo "Installing the server's libraries"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt -r requirements/build.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q server simulation  # a start should not wait for it, wherever it is made
	@touch $@

.make/dev: .make/base requirements/dev.txt
	@echo "Installing what the checks and tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

.make/npm: .ci/node web/package.json web/package-lock.json web/.npmrc
	@.ci/node
	@echo "Installing the web client's libraries"
	@cd web && npm ci --silent --no-fund --no-audit
	@mkdir -p .make && touch $@

.make/web: .make/npm $(WEB_SOURCES)
	@echo "Building the web client"
	@cd web && npm run --silent build -- --logLevel warn
	@touch $@

.make/redis: .ci/debian  # other queues are measured on it; without it their rows say so
	@command -v redis-server >/dev/null || .ci/debian redis-server "what other queues are measured on" || true
	@mkdir -p .make && touch $@

.make/viewers: .ci/debian .ci/chromium  # a compiler for the light client, a browser; without them rows say so
	@command -v gcc >/dev/null || { .ci/debian gcc "what counts frames" && .ci/debian libc6-dev "what counts frames"; } || true
	@.ci/chromium || true
	@mkdir -p .make && touch $@

.make/chromium: .ci/chromium
	@.ci/chromium
	@mkdir -p .make && touch $@
