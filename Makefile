# `make help` lists everything.
SHELL := /bin/bash
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
.DEFAULT_GOAL := help

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

node_modules/.setup: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

.PHONY: setup
setup: node_modules/.setup ## install what the lockfile pins, Node 24 included

.PHONY: check
check: setup ## types, lint, format, import arrows, dead code, pure tests: the gate of every commit (≤ 60 s)
	tsc -p tsconfig.json
	biome check
	depcruise --config .dependency-cruiser.cjs crds proxy cli
	vitest run --project pure

.PHONY: format
format: setup ## write the formatter's opinion
	biome check --write
