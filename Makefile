# Needs make and Python 3.11 or newer. Everything else goes into a virtual environment, .venv.

PYTHON ?= python3

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Both installs are editable, so that only a change of pyproject.toml (or of interpreter) makes them stale.
REPORT_READY := $(VENV)/.report-ready
DEV_READY := $(VENV)/.dev-ready
BENCH_READY := $(VENV)/.bench-ready

# The interpreter in .venv is a link; if Python has moved away, what was installed for it is void.
$(shell test -e $(BIN)/python || rm -f $(REPORT_READY) $(DEV_READY) $(BENCH_READY))

.PHONY: help report test lint types tests wheel browser workbook sql frames bench bench-large fuzz nightly tables clean
.NOTPARALLEL:

help:
	@echo 'make report   rate the example scorecard: build/rutland.html, .xlsx, .docx, .md and .json'
	@echo 'make test     all the checks: lint, types, tests, wheel (each is a target too)'
	@echo 'make browser  open the web page in Chromium: accessibility, filters, print (installs what it needs)'
	@echo 'make workbook prove in LibreOffice that the formulas of workbooks agree with the library (installs it if missing)'
	@echo 'make sql      prove in PostgreSQL and Node.js that statuses agree with the library (installs them if missing)'
	@echo 'make frames   prove that Spark, Ibis and Dask agree with the library (installs them, and Java if missing)'
	@echo 'make bench    measure speed beside what people use instead (installs it); make bench SECTIONS="numbers start" for some'
	@echo 'make bench-large  the same for what takes long, or gigabytes (installs Spark, and Java if missing)'
	@echo 'make fuzz     run the property tests for much longer'
	@echo 'make nightly  a million readings in every backend that is installed; SEED=7 CASES=50000 for the same ones, or fewer'
	@echo 'make tables   store the tables of the grammar, after a change of grammar/target.lark'
	@echo 'make clean    remove the environment and everything built'
	@echo 'Another interpreter: make PYTHON=python3.12 ... (after make clean)'

report: $(REPORT_READY)
	@$(BIN)/rag-rules report examples/rutland --as-of 2023-09-30 \
	    $(foreach form,html xlsx docx md json,-o build/rutland.$(form))

test: lint types tests wheel

lint: $(DEV_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV_READY)
	$(BIN)/mypy

tests: $(DEV_READY)
	$(BIN)/pytest

wheel: $(DEV_READY)
	$(BIN)/python scripts/check_wheel.py

browser: $(DEV_READY)
	scripts/browser_tools.sh build/browser
	$(BIN)/pytest -m browser tests/browser

workbook: $(DEV_READY)
	@command -v soffice >/dev/null || scripts/apt_install.sh libreoffice-calc
	$(BIN)/pytest -m workbook tests/workbook tests/agreement

sql: $(DEV_READY)
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || scripts/apt_install.sh postgresql
	@command -v node >/dev/null || scripts/apt_install.sh nodejs
	$(BIN)/pytest -m sql tests/sql tests/agreement

frames: $(DEV_READY)
	@command -v java >/dev/null || scripts/apt_install.sh default-jre-headless
	@$(PIP) install --editable '.[dev,engines]'
	$(BIN)/pytest -m frames tests/frames tests/agreement

bench: $(BENCH_READY)
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || scripts/apt_install.sh postgresql
	$(BIN)/python -m benchmarks.run $(SECTIONS)

bench-large: $(BENCH_READY)
	@command -v java >/dev/null || scripts/apt_install.sh default-jre-headless
	@$(PIP) install --editable '.[dev,bench,engines]'
	$(BIN)/python -m benchmarks.run --large

fuzz: $(DEV_READY)
	HYPOTHESIS_PROFILE=long $(BIN)/pytest tests/property

nightly: $(DEV_READY)
	$(BIN)/python -m tests.agreement.nightly $(if $(SEED),--seed $(SEED)) $(if $(CASES),--cases $(CASES)) $(if $(ONLY),--only '$(ONLY)')

tables: $(DEV_READY)
	$(BIN)/python scripts/store_grammar.py

clean:
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(REPORT_READY): pyproject.toml $(BIN)/python
	@echo 'Installing rag-rules into $(VENV) ...' >&2
	@$(PIP) install --editable '.[html,rich,word,xlsx,yaml]'
	@touch $@

# The development install holds all that the report needs.
$(DEV_READY): pyproject.toml $(BIN)/python
	@echo 'Installing rag-rules and its development tools into $(VENV) ...' >&2
	@$(PIP) install --editable '.[dev]'
	@touch $@ $(REPORT_READY)

$(BENCH_READY): pyproject.toml $(DEV_READY)
	@echo 'Installing what the benchmarks race against into $(VENV) ...' >&2
	@$(PIP) install --editable '.[dev,bench]'
	@touch $@

$(BIN)/python:
	@command -v '$(PYTHON)' >/dev/null 2>&1 || { \
	    echo "rag-rules needs Python 3.11 or newer, and there is no '$(PYTHON)' here." \
	        'To name another: make PYTHON=/path/to/python3' >&2; exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "rag-rules needs Python 3.11 or newer, and '$(PYTHON)' is $$('$(PYTHON)' -V 2>&1)." \
	        'To name another: make PYTHON=python3.12' >&2; exit 1; }
	@'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null && '$(PYTHON)' -m venv --clear $(VENV) || { \
	    rm -rf $(VENV); \
	    echo "'$(PYTHON)' cannot make a virtual environment." \
	        'On Debian or Ubuntu, run: apt-get install python3-venv' >&2; exit 1; }
