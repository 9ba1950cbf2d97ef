# Two commands do all the set-up on a fresh machine: make demo, make test.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_PACKAGES := python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk
TEST_PACKAGES := $(DEMO_PACKAGES) default-jdk-headless libjaxb-java qpdf poppler-utils ghostscript

.PHONY: demo test test-slow lint wheel clean screenshots

demo: $(VENV)/demo ## build the two example books and say where they are
	@for book in harbour-lights plain-words; do $(BIN)/packager build examples/$$book || exit; done

test: lint ## everything that a change must pass
	$(BIN)/pytest -q -n auto

test-slow: $(VENV)/test ## the suites that take minutes; Ace by DAISY too where Node and Chromium are
	@if command -v npm >/dev/null && command -v chromium >/dev/null; then PUPPETEER_SKIP_DOWNLOAD=1 \
	npm install --prefix build/ace --silent --no-audit --no-fund @daisy/ace-cli@1.4.6; fi
	PATH="$$PWD/build/ace/node_modules/.bin:$$PATH" $(BIN)/pytest -q -n auto -m slow

lint: $(VENV)/test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

screenshots: demo ## the example books in a reading engine: build/screenshots/NAME.png (needs Node and Chromium)
	@for tool in node npm chromium; do command -v $$tool >/dev/null || { echo "skipped: $$tool is not installed"; exit 0; }; done; \
	mkdir -p build/reader && cp tests/screenshots/package.json build/reader/ && \
	npm install --prefix build/reader --silent --no-audit --no-fund && \
	for book in harbour-lights plain-words; do \
	mkdir -p build/screenshots/$$book && \
	(cd build/reader && CHROMIUM=$$(command -v chromium) NODE_PATH=$$PWD/node_modules node ../../tests/screenshots/shoot.cjs \
	  ../../examples/$$book/out/$$book.epub ../screenshots/$$book) && \
	$(BIN)/python tests/screenshots/sheet.py build/screenshots/$$book build/screenshots/$$book.png || exit; done

wheel: $(VENV)/test
	$(BIN)/pip wheel -q --no-deps -w dist .

clean:
	rm -rf $(VENV) dist build examples/*/out

$(VENV)/demo: pyproject.toml
	@$(call system,$(DEMO_PACKAGES))
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check -e .
	@touch $@

$(VENV)/test: pyproject.toml
	@$(call system,$(TEST_PACKAGES))
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@

# Debian packages that are not there yet: installed where we may, else named.
define system
missing=; for name in $(1); do dpkg -s $$name >/dev/null 2>&1 || missing="$$missing $$name"; done; \
if [ -z "$$missing" ] || ! command -v dpkg >/dev/null; then :; \
elif [ "$$(id -u)" = 0 ]; then apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $$missing; \
else echo "needed first: sudo apt-get install$$missing"; fi
endef
