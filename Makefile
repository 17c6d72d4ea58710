# The tasks of mayfly. `make` alone lists them.

launch := cli/launch
JAVA_HOME := $(shell . $(launch)/find-jdk.sh && jdk_needed=1 && find_jdk && echo "$$java_home")
export JAVA_HOME
export MAVEN_OPTS += --sun-misc-unsafe-memory-access=allow

MVN := mvn --batch-mode
# A test that fails runs once more, and is listed under "Flakes" if it passes then: see CONTRIBUTING.
RERUN := -Dsurefire.rerunFailingTestsCount=1 -Dfailsafe.rerunFailingTestsCount=1
# What lasts long on purpose has no limit but its own.
LONG := -Dtest.timeout=7d -Dtest.process-seconds-max=0
# Minutes for `make soak`, seconds for each decoder in `make fuzz`.
SOAK_MINUTES ?= 10
# Rounds of kill -9 in `make soak`, on SQLite; on PostgreSQL a fifth of it.
KILL_ROUNDS ?= 100
FUZZ_SECONDS ?= 60

.PHONY: help build test soak bench fuzz fmt dist image
.DEFAULT_GOAL := help

help: ## List the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build what ./mayfly runs and train its start-up caches
	@$(launch)/build

test: ## Everything CI runs: compile, format, rules, unit and integration tests
	@[ -z "$$DOCKER_HOST" ] || $(launch)/image
	$(MVN) verify $(RERUN)

soak: build ## The long stress tests: SOAK_MINUTES=10 KILL_ROUNDS=100
	$(MVN) $(LONG) -Dsoak=$(SOAK_MINUTES) -Dtest='*StressTest,LinearizabilityTest,RandomOperationsTest' -Dsurefire.failIfNoSpecifiedTests=false \
	  -Djacoco.skip=true test
	$(MVN) $(LONG) -Dmayfly.kill-rounds=$(KILL_ROUNDS) -Dtest='StrictIT#killed*,JournalIT#killed*,PostgresIT#killed*' \
	  -Dsurefire.failIfNoSpecifiedTests=false -Djacoco.skip=true -pl integration-tests -am test

bench: build ## Every measurement in benchmarks/: ONLY=startup for one
	@$(launch)/each-benchmark $(ONLY)

fuzz: ## Fuzz every decoder: FUZZ_SECONDS=60 for each
	@$(launch)/each-fuzz $(FUZZ_SECONDS)

fmt: ## Format the sources
	$(MVN) -q spotless:apply

dist: build ## An archive with its own runtime for this platform, and a portable one
	@$(launch)/dist

image: build ## A container image for this platform, made without a daemon
	@$(launch)/image
