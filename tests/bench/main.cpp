// bench_gateway [--quick] [--only NAME]... [--out FILE]: measures the built gateway on this machine, everything that is
// compared side by side in the same run. Prints a table and writes it as JSON (bench.json in the build tree). Figures
// are for people to compare; only what does not work at all makes the bench fail.

#include <cstdio>
#include <set>
#include <string>
#include <string_view>

#include "tests/bench/measurements.h"

namespace {

using omenia::bench::Effort;
using omenia::bench::Table;

struct Measurement {
  const char* name;
  bool (*measure)(Table& table, const Effort& effort);
};

constexpr Measurement measurements[] = {
    {"start", omenia::bench::measure_start},
    {"memory", omenia::bench::measure_memory},
    {"handshakes", omenia::bench::measure_handshakes},
    {"rpc", omenia::bench::measure_rpc},
    {"crowd", omenia::bench::measure_crowd},
    {"models", omenia::bench::measure_models},
    {"completions", omenia::bench::measure_completions},
    {"streams", omenia::bench::measure_streams},
    {"store", omenia::bench::measure_store},
    {"swap", omenia::bench::measure_swap},
    {"recovery", omenia::bench::measure_recovery},
    {"hot", omenia::bench::measure_hot_apply},
};

int usage() {
  std::fprintf(stderr, "usage: bench_gateway [--quick] [--only NAME]... [--out FILE]\nnames:");
  for (const Measurement& row : measurements) std::fprintf(stderr, " %s", row.name);
  std::fprintf(stderr, "\n");
  return 1;
}

bool is_known(std::string_view name) {
  for (const Measurement& row : measurements)
    if (name == row.name) return true;
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  Effort effort;
  std::string out = OMENIA_BUILD_DIR "/bench.json";
  std::set<std::string_view> only;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--quick") {
      effort = {3, 300};
    } else if (argument == "--out" && i + 1 < argc) {
      out = argv[++i];
    } else if (argument == "--only" && i + 1 < argc && is_known(argv[i + 1])) {
      only.insert(argv[++i]);
    } else {
      return usage();
    }
  }
  Table table;
  bool all = true;
  for (const Measurement& row : measurements)
    if (only.empty() || only.contains(row.name)) all = row.measure(table, effort) && all;
  table.print();
  return table.write_json(out) && all ? 0 : 1;
}
