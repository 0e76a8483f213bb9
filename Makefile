.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
TIERS := unit property contract architecture integration faults e2e
LOCK := --universal --generate-hashes --no-header --no-annotate --python-version 3.12 \
	--extra onebox --extra s3 --group build --no-emit-index-url --no-emit-find-links

.PHONY: help setup run demo drill check test bench contracts lock

help: ## Show the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

setup: ## Install everything a contributor needs into .venv
	@sh deploy/bootstrap.sh dev

run: ## Start the whole system on this machine, with demonstration data
	@sh deploy/bootstrap.sh && exec $(BIN)/onefile up --demo

demo: ## Live one matter in each place, from its door to the archive
	@sh deploy/bootstrap.sh && exec $(BIN)/onefile demo

drill: ## Copy a box, destroy it, restore it, compare every Merkle root
	@sh deploy/bootstrap.sh && exec $(BIN)/onefile drill

check: setup ## Lint, format, types, import laws, generated contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(if $(wildcard contracts/__main__.py),$(BIN)/python -m contracts check)

test: setup ## Run every test on real PostgreSQL and NATS (ARGS="-k word" chooses)
	$(BIN)/python -m pytest -q -n 2 $(wildcard $(TIERS:%=tests/%)) $(ARGS)

bench: setup ## Measure ourselves and our peers side by side (ARGS="--rounds 2")
	$(BIN)/python -m tests.bench $(ARGS)

contracts: setup ## Rebuild contracts/generated from the event classes
	$(BIN)/python -m contracts build

lock: setup ## Remake requirements.lock and requirements-dev.lock (ARGS="--upgrade")
	@uv=$$(command -v uv || ls .onefile/boot/bin/uv $(BIN)/uv 2>/dev/null | head -n 1); \
	"$${uv:?not found: install uv}" pip compile -q $(LOCK) $(ARGS) pyproject.toml -o requirements.lock && \
	"$$uv" pip compile -q $(LOCK) $(ARGS) --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock && \
	! grep -nE '://| @ |^-|file:' requirements.lock requirements-dev.lock
