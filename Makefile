# make alone explains itself.
SHELL := /bin/bash
.DEFAULT_GOAL := help

GO      ?= go
BUILD   := build
BINARY  := $(BUILD)/ttpstream
TOOL    := $(GO) tool -modfile=.ci/tools/go.mod
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null)
PKGS    ?= ./...
TESTSUM := $(TOOL) gotestsum --format pkgname-and-test-fails --hide-summary=output

help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^## / {printf "\n%s\n", substr($$0, 4)} /^[a-z][a-z0-9\/-]*:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

## Use it
demo: build ## Build, show the ATT&CK picture of a recorded attack, then run everything on it until Ctrl-C
	@$(BINARY) scan cmd/ttpstream/demo/cowrie.json.gz --navigator $(BUILD)/demo-layer.json
	@echo; exec $(BINARY) up --data $(BUILD)/demo-data cmd/ttpstream/demo/cowrie.json.gz

build: ## Build build/ttpstream
	@mkdir -p $(BUILD)
	@CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o $(BINARY) ./cmd/ttpstream

## Test it
test: ## Run every test that needs no service; what is skipped is named at the end
	@$(TESTSUM) -- -timeout 15m $(PKGS)

test/race: ## The same under the race detector
	@$(TESTSUM) -- -race -timeout 30m $(PKGS)

test/kafka: kafka/start ## Run the tests on a real Apache Kafka too (Java 17, Maven)
	@TTPSTREAM_KAFKA=127.0.0.1:$(KAFKA_PORT) $(TESTSUM) -- -timeout 20m $(PKGS)

golden: ## Rewrite golden files and generated documents, then run the tests again
	@for p in $$($(GO) list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.Dir}}{{end}}' ./...); do \
	  if grep -qs 'flag.Bool("update"' $$p/*_test.go; then $(GO) test $$p -update >/dev/null || exit 1; fi; done
	@$(MAKE) --no-print-directory test

generate: ## Generate what is generated from code (not the ATT&CK catalogue: make attack)
	@$(GO) test ./schemas ./topology -update >/dev/null

attack: ## Generate the ATT&CK catalogues from their registry packages (Python)
	@$(GO) generate ./schemas/attack

fuzz: ## Run every fuzzer for FUZZTIME (10s)
	@.ci/fuzz $(or $(FUZZTIME),10s)

bench: build ## Measure; prints one table
	@.ci/bench $(ONLY)

quality: build ## Score the pack: COMMANDS= HARMLESS= MAIL_BAD= MAIL_GOOD= HTTP= FINGERPRINTS= name labelled data; writes QUALITY.md
	@$(BINARY) quality $(if $(COMMANDS),--commands "$(COMMANDS)") $(if $(HARMLESS),--harmless "$(HARMLESS)") \
	  $(if $(MAIL_BAD),--mail-bad "$(MAIL_BAD)") $(if $(MAIL_GOOD),--mail-good "$(MAIL_GOOD)") $(if $(HTTP),--http "$(HTTP)") \
	  $(if $(FINGERPRINTS),--fingerprints "$(FINGERPRINTS)") --out QUALITY.md

chaos: ## Kill everything at random, again and again; KILLS=n
	@TTPSTREAM_KILLS=$(or $(KILLS),10) $(GO) test -count=1 -timeout 60m -v -run 'Kill' ./topology/... ./processors/... ./cmd/...

## Keep it clean
lint: ## gofmt, go vet, staticcheck
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$unformatted" ] || { echo "gofmt needed:"; echo "$$unformatted"; exit 1; }
	@$(GO) vet ./...
	@$(TOOL) staticcheck ./...

fmt: ## Format the code
	@gofmt -w $$(git ls-files '*.go')

## Services for tests
KAFKA_PORT ?= 19092
kafka/start: ## Start a real Apache Kafka on loopback (jars from Maven, once)
	@topology/topologytest/kafka.sh start $(KAFKA_PORT)
kafka/stop: ## Stop it
	@topology/topologytest/kafka.sh stop $(KAFKA_PORT)

.PHONY: help demo build test test/race test/kafka golden generate attack fuzz bench quality chaos lint fmt kafka/start kafka/stop
