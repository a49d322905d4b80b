# SPDX-License-Identifier: Apache-2.0
# The newcomer's door: make demo, make check.  Everything else is meson's.
#
#   make build   build/yaoshi
#   make demo    the whole job on a synthetic Heze (PERSONS=914000), results in demo/
#   make check   all tests: format, layers, gcc and clang, sanitizers, both databases, process tests
#   make bench   speed and memory beside the peers
BUILD ?= build
PERSONS ?= 914000
SEED ?= 1

.PHONY: build demo check bench clean deps

build: deps
	@test -f $(BUILD)/build.ninja || meson setup $(BUILD) --buildtype=release -Dtests=false
	@ninja -C $(BUILD) src/cli/yaoshi
	@ln -sf src/cli/yaoshi $(BUILD)/yaoshi

deps:
	@tools/deps.sh build

demo: build
	@tools/demo.sh $(BUILD)/yaoshi demo $(PERSONS) $(SEED)

check:
	@tools/deps.sh build check
	@/usr/bin/python3 tools/check.py

bench: build
	@tools/deps.sh build check bench
	@tools/bench.sh

clean:
	rm -rf $(BUILD) build-check build-clang build-release demo
