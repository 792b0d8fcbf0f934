# Everything a newcomer needs: `make demo` to look at it, `make test` to trust it.
# Needs only Python >= 3.11 with venv, and make.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

# Browser tests that look and do not write: no engine makes a difference to them.
LOOKS := axe budgets changes charts custody frame help names spanish report_*

# Two cores are the usual machine.
WORKERS ?= 2

.PHONY: help install demo screenshots messages bench mutants test check-code check-sqlite check-postgresql lint format types lock clean

help:
	@echo "make demo     install, fill a demo database, serve it on http://localhost:$(PORT)/"
	@echo "make test     install, then every check on SQLite and on PostgreSQL"
	@echo "make install  only the environment (.venv)"
	@echo "make lint     style, imports, floors          make format  write them right"
	@echo "make types    mypy                            make lock    choose library versions anew"
	@echo "make screenshots  the pictures in docs/"
	@echo "make bench    every benchmark, into bench/RESULTS.md (two hours; LEADS=100000 BENCH=\"--only pages,log\")"
	@echo "make messages  collect the words for translators, compile the translations"
	@echo "make clean    remove what the other targets made (not your database)"

# --- environment ------------------------------------------------------------------------------------------------

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Hindsight needs Python 3.11 or later with venv (on Debian: apt install python3-venv)." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

# A stamp per lock file, so that a second `make` is instant and a changed lock file installs again.
$(VENV)/.runtime: requirements.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	@touch $@

$(VENV)/.development: requirements-dev.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@

install: $(VENV)/.development

lock: | $(BIN)/python
	$(BIN)/python -m pip install --quiet --upgrade uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --extra dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock

# --- look at it -------------------------------------------------------------------------------------------------

# A database and settings of its own, whatever .env says; gunicorn, because that is what serves in earnest.
demo: export HINDSIGHT_DEMO := 1
demo: export HINDSIGHT_ENV_FILE :=
demo: export DATABASE_URL := sqlite:///demo.sqlite3
demo: $(VENV)/.runtime
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py seed_demo
	@# What they find stands on a page of its own; the demo is shown in any case.
	@$(BIN)/python manage.py checkpoint --verbosity 0 >/dev/null || true
	@$(BIN)/python manage.py verify_log --verbosity 0 >/dev/null || true
	@echo
	@echo "Hindsight is at http://localhost:$(PORT)/ (Ctrl-C stops it)."
	@( while sleep 60; do $(BIN)/python manage.py run_due >/dev/null || true; done ) & due=$$!; \
	$(BIN)/python manage.py db_worker -v 0 --no-startup-delay & worker=$$!; \
	$(BIN)/gunicorn crm.wsgi --bind 127.0.0.1:$(PORT) --worker-class gthread --threads 8 \
		--no-control-socket --log-level warning & web=$$!; \
	trap 'trap - INT TERM; kill $$web $$due $$worker 2>/dev/null; wait $$web 2>/dev/null; echo "Stopped."; exit 0' INT TERM; \
	wait $$web; code=$$?; kill $$due $$worker 2>/dev/null; exit $$code

screenshots: install
	@$(BIN)/python docs/screenshots/take.py

# Needs GNU gettext (on Debian: apt install gettext). Translate what is empty in locale/, then run it once more.
messages: install
	@$(BIN)/python locale/collect.py

# Hours: bench/README.md. LEADS=1000000 is for PostgreSQL alone; BENCH="--only pages,log --continue" and the like.
LEADS ?= 100000
bench: install
	@$(BIN)/python bench/all.py --leads $(LEADS) $(BENCH)

# --- trust it ---------------------------------------------------------------------------------------------------

test: install
	@$(MAKE) --no-print-directory check-code
	@$(MAKE) --no-print-directory check-sqlite
	@$(MAKE) --no-print-directory check-postgresql
	@printf '\n=== everything passed ===\n'

check-code: install lint types
	@printf '\n=== migrations match the models ===\n'
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemigrations --check --dry-run

lint: install
	@printf '\n=== style, imports, floors ===\n'
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m tests.audit

types: install
	@printf '\n=== types ===\n'
	@$(BIN)/mypy

check-sqlite: install
	@printf '\n=== tests on SQLite ===\n'
	@TEST_ENGINE=sqlite $(BIN)/pytest -q -n $(WORKERS) -m "not browser"
	@printf '\n=== browser tests on SQLite ===\n'
	@TEST_ENGINE=sqlite $(BIN)/pytest -q -n $(WORKERS) -m browser

check-postgresql: install
	@printf '\n=== tests on PostgreSQL ===\n'
	@TEST_ENGINE=postgresql $(BIN)/pytest -q -n $(WORKERS) -m "not browser"
	@printf '\n=== browser tests on PostgreSQL (what judges only markup and styles is the same on both) ===\n'
	@TEST_ENGINE=postgresql $(BIN)/pytest -q -n $(WORKERS) -m browser $(LOOKS:%=--ignore-glob 'tests/browser/test_%.py')

# Hours; what it found last: docs/reliability.md.
mutants: install
	@$(BIN)/python -m pip install --quiet mutmut==3.8.1
	@TEST_ENGINE=sqlite $(BIN)/python -m tests.mutants --workers $(WORKERS)

format: install
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:
	rm -rf $(VENV) mutants mutated .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis staticfiles
	rm -f .demo-secret .demo-checkpoint-key
	rm -f demo.sqlite3 demo.sqlite3-wal demo.sqlite3-shm
