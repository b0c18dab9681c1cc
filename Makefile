# `make help` lists everything.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
# npm itself runs on the machine's Node: it replaces the other one.
MACHINE_PATH := $(PATH)
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Numbers of every run of tests, for `.ci/run`.
RESULTS := dist/results
VITEST = vitest run --reporter=default --reporter=json --outputFile.json=$(RESULTS)/$@.json

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

# npm runs the install scripts that package.json allows: the Node that we pin, esbuild, and PostgreSQL's links.
node_modules/.setup: package.json package-lock.json
	PATH='$(MACHINE_PATH)' npm ci --no-audit --no-fund --loglevel=error
	@PATH='$(MACHINE_PATH)' node tools/check-setup.mjs
	@touch $@

.PHONY: setup
setup: node_modules/.setup ## install what the lockfile pins, Node 24 included

.PHONY: demo
demo: setup ## PostgreSQL, an identity provider and a gateway on this machine, and a tour (ONCE=1: end after it)
	@exec node cli/src/demo/main.ts $(if $(ONCE),--once)

.PHONY: check
check: lint pure ## types, lint, format, import arrows, dead code, pure tests: the gate of every commit (≤ 60 s)

.PHONY: lint
lint: setup ## the part of check that reads and runs nothing
	tsc -p tsconfig.json
	biome check --error-on-warnings
	depcruise --config .dependency-cruiser.cjs crds proxy cli --output-type err
	knip --no-progress

.PHONY: pure
pure: setup ## the tests without servers, golden files and examples included
	$(VITEST) --project pure

.PHONY: drivers
drivers: setup ## drivers of other languages for the tests, each where its language is there
	@proxy/test/drivers/install.sh || echo 'drivers: not all could be installed; their tests say which'

.PHONY: servers
servers: setup drivers ## the tests on real servers, the demo's tour included
	$(VITEST) --project servers

.PHONY: test
test: check servers ## check, and everything on real servers, samples with fixed seeds (≤ 15 min)

.PHONY: integration
integration: setup ## the long forms of the tests on real servers, all versions
	$(VITEST) --project long --exclude '**/*fuzz*' --exclude '**/torture/**'

.PHONY: torture
torture: setup ## faults, floods and thousands of connections, for long
	$(VITEST) --project long --passWithNoTests torture

.PHONY: fuzz
fuzz: setup ## random bytes, conversations and statements, with fresh seeds
	$(VITEST) --project long fuzz

.PHONY: bench
bench: setup ## the figures of docs/performance.md, side by side with direct and PgBouncer
	node bench/main.ts

.PHONY: bench-parsers
bench-parsers: setup ## libpg-query and node-sql-parser on the same statements: the figures of ADR 0008
	node bench/parsers/main.ts

.PHONY: golden
golden: setup ## rewrite the golden files; the diff is part of the review
	vitest run --project pure --update

.PHONY: generate
generate: setup ## types, validators, chart CRDs, reference pages, diagrams; leaves a clean tree
	node tools/generate.ts
	node tools/generate-node-types.ts
	node tools/reasons.ts
	node tools/lists/docs.ts
	node tools/pages.ts
	node tools/architecture.ts

.PHONY: bundle
bundle: setup ## one file for the image: dist/sallyport.mjs, with the parser's grammar and worker beside it
	node tools/bundle.ts

.PHONY: format
format: setup ## write the formatter's opinion
	biome check --write

.PHONY: clean
clean: ## what make made, but for node_modules
	rm -rf dist .sallyport
