# make serve   set everything up, ingest seeds/, open the chat page (its address is printed)
# make test    set everything up, run the tests
# make check   the tests, and the style and type checks before them

VENV := .venv
READY := $(VENV)/.ready
SUITS := import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3 python; do \
	"$$name" -c '$(SUITS)' 2>/dev/null && { command -v "$$name"; break; }; done)

.PHONY: setup serve test check clean
.DEFAULT_GOAL := setup

setup: $(READY)

serve: $(READY)
	$(VENV)/bin/rag ingest seeds
	$(VENV)/bin/rag serve

test: $(READY)
	$(VENV)/bin/python -m pytest --numprocesses=auto --dist=loadfile

check: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy --strict rag app.py training
	$(VENV)/bin/python -m pytest --numprocesses=auto --dist=loadfile

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

# A .venv that was left half-made is made anew; one that works is brought up to date.
$(READY): pyproject.toml constraints.txt
	@test -n '$(PYTHON)' || { echo 'expected Python 3.11 to 3.13 with venv, found none:' \
		'install one (on Debian: apt-get install python3-venv), or name it: make PYTHON=...' >&2; \
		exit 1; }
	@echo 'Setting up $(VENV): this takes a few minutes the first time.'
	@rm -f $@
	@$(VENV)/bin/python -m pip --version >/dev/null 2>&1 || '$(PYTHON)' -m venv --clear $(VENV)
	@$(VENV)/bin/python -m pip install -qq --constraint constraints.txt pip setuptools
	@$(VENV)/bin/python -m pip install -qq --constraint constraints.txt \
		--no-build-isolation --editable '.[dev]'
	@touch $@
