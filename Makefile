.DEFAULT_GOAL := help
.PHONY: help serve test coverage check format docs image test-image fuzz bench bench-speedups bench-peers bench-rejected bench-simulator bench-kit constraints clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

IMAGE ?= rufus-mock
EXTRAS ?=
FUZZ_SECONDS ?= 300
# The build command, such as "podman build --format docker --network host". If empty, the first builder that is found.
BUILD ?=

help: ## Print these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[contract,plot,simulator,tls]" --group dev
	touch $@

serve: $(INSTALLED) ## Serve the mock on http://127.0.0.1:8080/v0
	@$(BIN)/rufus-mock serve

test: $(INSTALLED) ## Run all tests
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal

coverage: $(INSTALLED) ## Run all tests, and measure branch coverage
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal --cov --cov-report=term

check: $(INSTALLED) ## Check format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy bench contract_tests examples

format: $(INSTALLED) ## Format the code and fix what ruff can fix
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

image: ## Build the image with docker, podman or buildah (IMAGE=tag EXTRAS=contract,simulator)
	@if [ -n "$(BUILD)" ]; then build="$(BUILD)"; \
	elif docker info >/dev/null 2>&1; then build="docker build"; \
	elif command -v podman >/dev/null; then build="podman build --format docker"; \
	elif command -v buildah >/dev/null; then build="buildah build --format docker"; \
	else echo "make image needs docker with its engine running, podman, or buildah" >&2; exit 1; fi; \
	set -x; $$build --tag $(IMAGE) --build-arg EXTRAS=$(EXTRAS) \
	  --label org.opencontainers.image.version="$$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)" \
	  --label org.opencontainers.image.revision="$$(git rev-parse HEAD 2>/dev/null)" .

test-image: $(INSTALLED) image ## Build the image and run its tests on it
	RUFUS_MOCK_IMAGE=$(IMAGE) $(BIN)/python -m pytest tests/image

docs: $(INSTALLED) ## Regenerate the tables of the docs from schemas/
	$(BIN)/python -m tools.fidelity

fuzz: $(INSTALLED) ## Fuzz the mock with Schemathesis for longer than the tests do (FUZZ_SECONDS=300 for each document)
	$(BIN)/python -m tests.fuzzing.run --seconds $(FUZZ_SECONDS)

bench: $(INSTALLED) ## Compare the server with a bare Flask route (needs wrk)
	$(BIN)/python bench/server.py

bench-speedups: $(INSTALLED) ## Measure what each shortcut in Flask and Werkzeug saves
	$(BIN)/python bench/speedups.py

bench-peers: $(INSTALLED) ## Measure WireMock, Prism and Mockoon in the same way (needs wrk, npm, java)
	$(BIN)/python bench/peers.py

bench-rejected: $(INSTALLED) ## Measure the memory that large rejected bodies use (needs Linux)
	$(BIN)/python bench/rejected.py

bench-simulator: $(INSTALLED) ## Measure how fast races are generated and sent
	$(BIN)/python bench/simulator.py

bench-kit: $(INSTALLED) ## Count how often the contract kit finds each defect in tests/contract/mutants/classes (takes long)
	$(BIN)/python -m bench.kit

constraints: ## Pin the newest versions of all dependencies in constraints.txt
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[contract,plot,simulator,tls]" --group dev
	$(BIN)/python -m pip freeze --exclude-editable > constraints.txt

clean: ## Remove the virtual environment and all build and cache files
	rm -rf $(VENV) build dist .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis
