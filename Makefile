# OmeniaClaw. `make run` and `make test` are all a fresh Debian 12 needs; each installs what is missing and builds first.
BUILD  ?= build
PREFIX ?= /usr/local
JOBS   ?= $(shell nproc)

PACKAGES = g++ cmake ninja-build pkg-config ccache git libevent-dev libwebsockets-dev libwebsockets-evlib-uv libuv1-dev \
  libboost1.81-dev libcurl4-openssl-dev libcurl4 libcjson-dev libsqlite3-dev libssl-dev libspdlog-dev libfmt-dev \
  libcli11-dev libgtest-dev libgmock-dev
TEST_PACKAGES = python3
CHECK_PACKAGES = clang-format clang-tidy
FUZZ_PACKAGES = clang libclang-rt-14-dev
SECONDS ?= 60

.PHONY: all deps check-deps build build-tests run test check format tidy docs asan fuzz bench swap-test crash-test \
  conformance replay sdk-test install print-bin clean

all: build

# Installs the Debian packages that are missing; does nothing when none is.
deps:
	@scripts/install-packages $(PACKAGES)

check-deps:
	@scripts/install-packages $(CHECK_PACKAGES)

$(BUILD)/build.ninja: CMakeLists.txt tests/CMakeLists.txt
	@cmake -G Ninja -S . -B $(BUILD) $(CMAKE_FLAGS) >$(BUILD).configure.log 2>&1 || { cat $(BUILD).configure.log; exit 1; }
	@rm -f $(BUILD).configure.log

build: deps
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@ninja -C $(BUILD) -j $(JOBS) programs

# Some tests take python3 for a program that is not ours.
build-tests: build
	@scripts/install-packages $(TEST_PACKAGES)
	@ninja -C $(BUILD) -j $(JOBS)

# A gateway of your own state directory; made with a token at the first run. Stop it with Ctrl-C.
run: build
	@$(BUILD)/bin/OmeniaClaw setup --baseline --non-interactive --accept-risk >/dev/null
	@exec $(BUILD)/bin/OmeniaClaw gateway --announce

test: build-tests
	@ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS)

check: deps check-deps format tidy
	@echo "check: formatted and tidy"

format: check-deps
	@scripts/check-format

# The tree's own rules (tests/tidy), then clang-tidy over what a change touches, without g++'s precompiled headers: each
# file includes what it uses. TIDY=all: over the whole product, which takes minutes. How many diagnostics it left out is
# no news.
tidy: build-tests check-deps
	@ctest --test-dir $(BUILD) -R '^tidy\.' --output-on-failure -j $(JOBS)
	@scripts/files-to-tidy $(TIDY) >$(BUILD)/tidy.files
	@mkdir -p $(BUILD)/tidy && sed 's/-include [^ ]*cmake_pch.hxx//' $(BUILD)/compile_commands.json \
	  >$(BUILD)/tidy/compile_commands.json
	@xargs -r -a $(BUILD)/tidy.files -P $(JOBS) -n 1 clang-tidy -p $(BUILD)/tidy --quiet 2>$(BUILD)/tidy.log || \
	  { grep -v 'warnings\? .*generated' $(BUILD)/tidy.log; exit 1; }

# Writes the parts of docs/ that are made of the tables' rows.
docs: build
	@ninja -C $(BUILD) -j $(JOBS) unit_config unit_worker
	@for part in config worker; do \
	  OMENIA_WRITE_DOCS=1 $(BUILD)/tests/unit_$$part --gtest_brief=1 --gtest_filter='Documentation.*' || exit 1; done
	@! command -v node >/dev/null || node tests/conformance/differences_page.mjs >docs/differences.md

asan: deps
	@$(MAKE) --no-print-directory build-tests BUILD=$(BUILD)-asan CMAKE_FLAGS=-DOMENIA_SANITIZE=ON
	@ctest --test-dir $(BUILD)-asan --output-on-failure -j $(JOBS)

# Random input under the sanitizers, for so many SECONDS; what was learned is kept in $(BUILD)-fuzz/corpus.
fuzz: deps
	@scripts/install-packages $(FUZZ_PACKAGES)
	@$(MAKE) --no-print-directory $(BUILD)-fuzz/build.ninja BUILD=$(BUILD)-fuzz \
	  CMAKE_FLAGS="-DOMENIA_FUZZ=ON -DCMAKE_CXX_COMPILER=clang++"
	@ninja -C $(BUILD)-fuzz -j $(JOBS) fuzzers
	@scripts/run-fuzzers $(BUILD)-fuzz $(SECONDS)

# ONLY="crowd rpc" measures only these; an unknown name lists all.
bench: build
	@ninja -C $(BUILD) bench_gateway && $(BUILD)/tests/bench_gateway $(addprefix --only ,$(ONLY))

# Workers are replaced again and again under many clients. EFFORT: --changes N --upgrades N; a SEED repeats a run.
swap-test: build
	@ninja -C $(BUILD) swap_test && $(BUILD)/tests/swap_test $(if $(SEED),--seed $(SEED)) $(EFFORT)

# Workers and the supervisor are killed again and again under clients that send and write; what was acknowledged is
# looked for afterwards. EFFORT: --kills N --supervisor-kills N; a SEED repeats a run.
crash-test: build
	@ninja -C $(BUILD) crash_test && $(BUILD)/tests/crash_test $(if $(SEED),--seed $(SEED)) $(EFFORT)

# Published clients against the built gateway; needs node and npm, and says so where they are missing.
conformance: build-tests
	@tests/conformance/run.sh $(BUILD)

# Recorded conversations against the built gateway; REFERENCE names the folder of the recordings.
replay: build-tests
	@tests/conformance/run.sh $(BUILD) replay.mjs

# Published OpenAI-compatible SDKs against the built gateway, as a matrix. ONLY="tools embeddings" runs only these parts.
sdk-test: build
	@tests/conformance/run.sh $(BUILD) ../sdk/run.mjs $(ONLY)

install: build
	@DESTDIR=$(DESTDIR) cmake --install $(BUILD) --prefix $(PREFIX)

print-bin:
	@echo $(CURDIR)/$(BUILD)/bin/OmeniaClaw

clean:
	@rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-fuzz
