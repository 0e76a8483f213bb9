.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
TIERS := unit property contract architecture integration attacks faults e2e
LOCK := --universal --generate-hashes --no-header --no-annotate --python-version 3.12 \
	--extra onebox --extra s3 --extra otel --group build --no-emit-index-url --no-emit-find-links

.PHONY: help setup run demo drill agency kube check test attack test-ui screenshots bench scale contracts lock

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

agency: ## A fresh agency rebuilds, proves completeness, loses its disk, rebuilds again
	@sh deploy/bootstrap.sh && exec $(BIN)/onefile agency demo

kube: ## Render and validate the manifests, build the image, play it here, live a matter (ARGS=--render-only)
	@sh deploy/bootstrap.sh && exec $(BIN)/python deploy/kube.py $(ARGS)

check: setup ## Lint, format, types, import laws, generated contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m contracts check --against last
	$(BIN)/python -m services.onebox.describing check

test: setup ## Run every test on real PostgreSQL and NATS (ARGS="-k word" chooses)
	$(BIN)/python -m pytest -q -n 2 $(wildcard $(TIERS:%=tests/%)) $(ARGS)

attack: setup ## Play every attack on the history, and print which line of defence caught each
	$(BIN)/python -m pytest -q -n 2 -m attack -p tests.attacks.table $(wildcard $(TIERS:%=tests/%)) $(ARGS)

test-ui: setup ## Live each person's day in a real browser (ARGS="-k window")
	$(BIN)/python -m pytest -q tests/ui $(ARGS)

screenshots: setup ## Take pictures of the desks, both languages, both widths, into .onefile/screenshots
	ONEFILE_SCREENSHOTS=.onefile/screenshots $(BIN)/python -m pytest -q tests/ui $(ARGS)

bench: setup ## Measure ourselves and our peers side by side (ARGS="--rounds 2")
	$(BIN)/python -m tests.bench $(ARGS)

scale: ## Compute deploy/SCALE.md from deploy/scale.measured.json (measure: python -m tests.bench.cells --write)
	$(BIN)/python deploy/scale.py --write

contracts: setup ## Rebuild contracts/generated from the event classes and the services' doors
	$(BIN)/python -m contracts build
	$(BIN)/python -m services.onebox.describing build

lock: setup ## Remake requirements.lock and requirements-dev.lock (ARGS="--upgrade")
	@uv=$$(command -v uv || ls .onefile/boot/bin/uv $(BIN)/uv 2>/dev/null | head -n 1); \
	"$${uv:?not found: install uv}" pip compile -q $(LOCK) $(ARGS) pyproject.toml -o requirements.lock && \
	"$$uv" pip compile -q $(LOCK) $(ARGS) --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock && \
	! grep -nE '://| @ |^-|file:' requirements.lock requirements-dev.lock
