# Every target does its own set-up and is cheap when nothing changed. `make` alone lists them.
# Needed: Python 3.10 or later with venv, a JDK 17 or later, Maven 3.6 or later.

PYTHON ?= python3
MVN    ?= mvn
RUNS   ?= 200
SECONDS ?= 300
CALLS  ?= 20000
ARGS   ?=
SEED   ?=

VENV   := .venv
BIN    := $(VENV)/bin
JAVA   := clients/java
JAR    := $(JAVA)/target/.jar.stamp

PYTHON_SETUP := pyproject.toml hatch_build.py clients/python/pyproject.toml clients/python/src/supvisors_client/_version.py
JAVA_SOURCES := $(JAVA)/pom.xml $(shell find $(JAVA)/src/main -type f 2>/dev/null)

# the newest setuptools is not needed by supervisor 4.3, and refused by 4.2.5: see README.md
SUPERVISOR ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test test-python test-java test-faults lint simulate fuzz fuzz-api jar docs bench clean check-python check-java

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  variables: ARGS (demo, test, bench, fuzz), RUNS (simulate), SEED (test-faults), SECONDS (fuzz), CALLS (fuzz-api), PYTHON, MVN"

demo: setup  ## three daemons, two applications, one kill; ARGS=--once for a run that ends by itself
	@$(BIN)/supvisors demo $(ARGS)

test: test-python test-java  ## every test, Python and Java; ARGS for pytest

test-python: setup $(JAR)
	$(BIN)/pytest $(ARGS)

test-java: check-java
	cd $(JAVA) && $(MVN) -B --no-transfer-progress test

lint: setup  ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy interop-tests
	$(BIN)/lint-imports

test-faults: setup  ## real faults on real daemons, as root on Linux (docs/reliability.md); SEED=12345 to replay
	FAULTS_SEED='$(SEED)' $(BIN)/pytest tests/faults -rs $(ARGS)

simulate: setup  ## seeded runs of the simulator: make simulate RUNS=1000
	$(BIN)/python -m tests.simulation --runs $(RUNS) $(ARGS)

fuzz-api: setup  ## bad values for every parameter of every method, on live daemons: make fuzz-api CALLS=20000
	SUPVISORS_FUZZ_CALLS=$(CALLS) $(BIN)/pytest tests/contract/test_bad_values.py -n 0 --durations=3 $(ARGS)

fuzz: setup  ## hostile input, SECONDS for each target: make fuzz SECONDS=60 ARGS='bus rules'
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS) $(ARGS)

bench: setup  ## the figures of benchmarks/README.md
	$(BIN)/python -m benchmarks.failover $(ARGS)

jar: $(JAR)  ## build the Java client and gather its class path

docs: setup  ## regenerate the generated pages of docs/
	@for tool in tools/generate_*.py; do echo "$$tool"; $(BIN)/python "$$tool" || exit 1; done

setup: $(VENV)/.stamp  ## the virtual environment alone

clean:  ## remove what the targets have built
	rm -rf $(VENV) $(JAVA)/target build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------------------------------------------------------------
$(VENV)/.stamp: $(PYTHON_SETUP) | check-python
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -e clients/python -e '.[dev]' $(SUPERVISOR)
	@touch $@

$(JAR): $(JAVA_SOURCES) | check-java
	cd $(JAVA) && $(MVN) -q -B --no-transfer-progress -DskipTests package
	@touch $@

check-python:
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) not found: install Python 3.10 or later, or say PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	    { echo "make: Python 3.10 or later is needed, $$($(PYTHON) --version 2>&1) found: say PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "make: $(PYTHON) cannot make virtual environments: install its venv module (Debian: apt install python3-venv)" >&2; exit 1; }

check-java:
	@command -v javac >/dev/null || { echo "make: javac not found: install a JDK 17 or later (Debian: apt install openjdk-17-jdk-headless)" >&2; exit 1; }
	@version=$$(javac -version 2>&1 | sed 's/^javac \([0-9]*\).*/\1/'); [ "$$version" -ge 17 ] 2>/dev/null || \
	    { echo "make: a JDK 17 or later is needed, javac says $$(javac -version 2>&1): set PATH and JAVA_HOME" >&2; exit 1; }
	@command -v $(MVN) >/dev/null || { echo "make: $(MVN) not found: install Maven (Debian: apt install maven), or say MVN=/path/to/mvn" >&2; exit 1; }
