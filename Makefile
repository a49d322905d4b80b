# SPDX-License-Identifier: Apache-2.0
# The newcomer's door: make demo, make check.  Everything else is meson's.
#
#   make build   build/yaoshi
#   make mpi     build/yaoshi-planner-mpi, the planner on several machines (Open MPI)
#   make demo    the whole job on a synthetic Heze (PERSONS=914000), results in demo/
#   make check   all tests: format, layers, gcc and clang, sanitizers, both databases, process tests
#   make coverage  line coverage by floor, with gcov (UNIT=1: unit tests only)
#   make bench   speed and memory beside the peers
#   make man     manual pages in build/man, from the same table as --help
BUILD ?= build
PERSONS ?= 914000
SEED ?= 1

.PHONY: build mpi demo check coverage bench man clean deps

build: deps
	@test -f $(BUILD)/build.ninja || meson setup $(BUILD) --buildtype=release -Dtests=false
	@ninja -C $(BUILD) src/cli/yaoshi
	@ln -sf src/cli/yaoshi $(BUILD)/yaoshi

deps:
	@tools/deps.sh build

mpi: build
	@tools/deps.sh mpi
	@meson configure $(BUILD) -Dmpi=enabled
	@ninja -C $(BUILD) src/mpi/yaoshi-planner-mpi
	@ln -sf src/mpi/yaoshi-planner-mpi $(BUILD)/yaoshi-planner-mpi

demo: build
	@tools/demo.sh $(BUILD)/yaoshi demo $(PERSONS) $(SEED)

check:
	@tools/deps.sh build check
	@/usr/bin/python3 tools/check.py

coverage:
	@tools/deps.sh build check coverage
	@/usr/bin/python3 tools/coverage.py $(if $(UNIT),--unit)

bench: build
	@tools/deps.sh build check bench
	@tools/bench.sh

man: build
	@mkdir -p $(BUILD)/man
	@$(BUILD)/yaoshi manual | scdoc > $(BUILD)/man/yaoshi.1
	@for c in $$($(BUILD)/yaoshi --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do \
	  $(BUILD)/yaoshi manual $$c | scdoc > $(BUILD)/man/yaoshi-$$c.1 || exit 1; done
	@! test -x $(BUILD)/yaoshi-planner-mpi || $(BUILD)/yaoshi-planner-mpi --manual | scdoc > $(BUILD)/man/yaoshi-planner-mpi.1
	@scdoc < docs/man/yaoshi-rules.7.scd > $(BUILD)/man/yaoshi-rules.7

clean:
	rm -rf $(BUILD) build-check build-clang build-release build-coverage demo
