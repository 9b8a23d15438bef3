# Everything runs in .venv, which is made from the pinned versions in requirements/.
# Needed beforehand: Python 3.11 or newer, and a connection to install packages from.

PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# The environment belongs to the pins and to this folder: when either changes it is made anew.
# Each step leaves a stamp that is named after what went into it.
checksum = $(shell { $(1); } | cksum | cut -d ' ' -f 1)
PINNED := .venv/pinned-$(call checksum,cat requirements/runtime.txt; pwd)
RUNTIME := .venv/runtime-$(call checksum,cat pyproject.toml)
DEV := .venv/dev-$(call checksum,cat requirements/dev.txt)

.PHONY: help setup serve test test-all lint format bench schema lock clean

help:
	@echo "make serve     build the graph and serve it on http://127.0.0.1:$(PORT) (PORT=... overrides)"
	@echo "make test      run the tests; those that need chromium, virtuoso, comunica or R run where these are"
	@echo "make test-all  the same, but a program that is missing is a failure"
	@echo "make setup     make .venv with all that lint and test need"
	@echo "make lint      style and types: ruff, mypy, pyright"
	@echo "make format    put the code into the form that make lint asks for"
	@echo "make bench     measure speed and memory"
	@echo "make schema    write seeds/schema/ anew after a change of the records' form"
	@echo "make lock      write requirements/ anew from pyproject.toml"
	@echo "make clean     remove .venv and what the tools leave behind"

serve: $(RUNTIME)
	exec $(BIN)/crisisgov serve --host 127.0.0.1 --port $(PORT)

# What lint and test need, for whoever runs both at once.
setup: $(DEV)

# In CI nothing may be left out: the environment variable CI makes it as strict as test-all.
test: $(DEV)
	$(BIN)/python -m pytest $(PYTEST_ARGS)

test-all: $(DEV)
	$(BIN)/python -m pytest --require-programs $(PYTEST_ARGS)

# All four run, so that one round shows everything.
lint: $(DEV)
	@status=0; \
	for check in "ruff check" "ruff format --check" mypy "pyright --pythonpath $(BIN)/python"; do \
	    echo "$$check"; $(BIN)/$$check || status=1; \
	done; exit $$status

format: $(DEV)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(DEV)
	$(BIN)/python -m benchmarks

schema: $(DEV)
	$(BIN)/python -m crisisgov.loaders.records.schema

lock:
	@requirements/lock $$(requirements/find-python)

clean:
	rm -rf .venv build dist src/*.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(PINNED):
	@python=$$(requirements/find-python) && echo "Making .venv with $$("$$python" --version)" && \
	{ "$$python" -m venv --clear .venv || { \
	    echo "Python could not make .venv; on Debian and Ubuntu install it first: apt-get install python3-venv" >&2; \
	    exit 1; }; }
	$(PIP) -r requirements/runtime.txt
	@touch $@

$(RUNTIME): $(PINNED)
	$(PIP) --no-deps --editable .
	@rm -f .venv/runtime-* && touch $@

$(DEV): $(RUNTIME)
	$(PIP) -r requirements/dev.txt
	@rm -f .venv/dev-* && touch $@
