// bench_gateway [--quick] [--out FILE]: measures the built gateway on this machine, everything that is compared side by
// side in the same run. Prints a table and writes it as JSON (bench.json in the build tree). Figures are for people to
// compare; only what does not work at all makes the bench fail.

#include <cstdio>
#include <string>
#include <string_view>

#include "tests/bench/measurements.h"

int main(int argc, char** argv) {
  using namespace omenia::bench;
  Effort effort;
  std::string out = OMENIA_BUILD_DIR "/bench.json";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--quick") {
      effort = {3, 200, 300};
    } else if (argument == "--out" && i + 1 < argc) {
      out = argv[++i];
    } else {
      std::fprintf(stderr, "usage: bench_gateway [--quick] [--out FILE]\n");
      return 1;
    }
  }
  Table table;
  bool all = measure_start(table, effort);
  all = measure_memory(table) && all;
  all = measure_rpc(table, effort) && all;
  all = measure_completions(table, effort) && all;
  all = measure_swap(table, effort) && all;
  all = measure_recovery(table, effort) && all;
  all = measure_hot_apply(table, effort) && all;
  table.print();
  return table.write_json(out) && all ? 0 : 1;
}
