# SPDX-License-Identifier: BSD-3-Clause
# The front door; the work is in CMake and scripts/.
BUILD := build

PREFIX := /usr/local

.PHONY: all install demo test check sanitize format clean

all: $(BUILD)/build.ninja
	ninja -C $(BUILD)

$(BUILD)/build.ninja:
	cmake --preset release

install: all
	cmake --install $(BUILD) --prefix $(PREFIX)

demo:
	scripts/demo

test:
	scripts/test

# the quick gates: house rules only
check:
	scripts/check_house.py

sanitize:
	cmake --preset sanitize && ninja -C build-sanitize && ctest --test-dir build-sanitize --output-on-failure

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:
	rm -rf build build-* demo
