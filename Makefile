# Two commands do everything:
#   make run    build the web apps and the program, serve a made-up city
#   make test   all that CI runs
# PORT and DATA say where the demo listens and keeps its files.

PORT ?= 8080
DATA ?= data
FUZZTIME ?= 10m
# How many lives `make sim` plays, and from which seed on.
SEEDS ?= 5000
FROM ?= 1

BUILD := build
BIN := $(BUILD)/sansuiji
LINT := $(BUILD)/tools/golangci-lint
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
GOFILES := $(shell find . -name '*.go' -not -path './web/node_modules/*' -not -path './$(BUILD)/*')
SQLFILES := $(shell find schema/sql -name '*.sql')
WEBFILES := $(shell find web/apps web/packages -type f -not -path '*/node_modules/*' 2>/dev/null)
MODULES := web/node_modules/.package-lock.json

.PHONY: run build web test check unit web-check web-test fuzz fuzz-short e2e bench bench-web sim mutants generate generated system render fonts clean

run: build ## Serve the demo.
	@exec $(BIN) demo --addr localhost:$(PORT) --data $(DATA)

build: $(BIN)

$(BIN): $(GOFILES) $(SQLFILES) go.mod go.sum $(BUILD)/web.built
	go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $@ ./cmd/sansuiji

web: $(BUILD)/web.built

$(BUILD)/web.built: $(MODULES) $(WEBFILES)
	cd web && npm run build
	@mkdir -p $(BUILD) && touch $@

$(MODULES): web/package-lock.json
	@command -v npm >/dev/null || { echo 'npm is missing: install Node.js 20 and try again.'; exit 1; }
	cd web && npm ci --no-audit --no-fund || { echo 'The npm packages could not be fetched: check the network and the npm registry setting, then try again.'; exit 1; }
	@touch $@

test: check unit web-test fuzz-short e2e ## All that CI runs.

check: $(LINT) $(MODULES) generated ## Linters, formats, types, stale generated files.
	$(LINT) run ./...
	cd web && npm run check

unit: system
	go test -timeout 20m ./...

web-check: $(MODULES)
	cd web && npm run check

web-test: $(MODULES)
	cd web && npm test

fuzz: ## Every fuzz target for FUZZTIME.
	@scripts/fuzz $(FUZZTIME)

fuzz-short: ## What devices send for half a minute each, the other targets for a moment.
	@scripts/fuzz 30s 5s

e2e: build system ## The whole way in a real browser.
	cd web && npm run e2e

sim: ## Random lives of a campaign with mishaps, SEEDS of them from seed FROM on.
	@go run ./simulation/run -seeds $(SEEDS) -from $(FROM)

mutants: ## Every planted bug must be found.
	go test -tags mutants -run Mutant ./syncengine/...
	go test -tags mutants -run Mutant -timeout 60m -v ./simulation

bench: ## One line per figure: name, value, unit, baseline, ratio.
	@go run ./bench

bench-web: build system ## The same for what runs in a browser.
	cd web && npx vitest run --config e2e/bench.config.ts --reporter=dot

render: ## Pages of every report in build/render, laid out by LibreOffice, to be looked at.
	@scripts/render $(BUILD)/render

fonts: ## The fonts of reports in PDF, cut anew from their packages.
	@scripts/fonts

generate: $(MODULES) ## What the web side takes from Go.
	@mkdir -p $(BUILD)
	go run ./cmd/sansuiji describe openapi > $(BUILD)/openapi.json
	go run ./cmd/sansuiji describe catalogue > $(BUILD)/catalogue.gen.ts
	mv $(BUILD)/openapi.json web/packages/protocol/openapi.json
	mv $(BUILD)/catalogue.gen.ts web/packages/protocol/src/catalogue.gen.ts
	cd web && npm run generate

generated: $(MODULES)
	@scripts/stale

system: ## Chromium, a Chinese font, PostgreSQL and strace, from the system's packages.
	@scripts/system

$(LINT): tools/go.mod tools/go.sum
	@mkdir -p $(@D)
	cd tools && go build -o ../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

clean:
	rm -rf $(BUILD) web/dist/field web/dist/hq web/node_modules
