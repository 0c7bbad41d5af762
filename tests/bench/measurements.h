#pragma once
// Measurements: each starts what it needs, measures one thing side by side with what it is to be compared to, and adds
// its figures to the table. They answer false when something did not work, and say what.

#include "tests/bench/table.h"

namespace omenia::bench {

struct Effort {
  int starts = 20;
  int load_ms = 3'000;
};

bool measure_start(Table& table, const Effort& effort);
bool measure_memory(Table& table, const Effort& effort);
bool measure_handshakes(Table& table, const Effort& effort);
bool measure_rpc(Table& table, const Effort& effort);
bool measure_crowd(Table& table, const Effort& effort);
bool measure_models(Table& table, const Effort& effort);
bool measure_completions(Table& table, const Effort& effort);
bool measure_streams(Table& table, const Effort& effort);
bool measure_store(Table& table, const Effort& effort);
bool measure_swap(Table& table, const Effort& effort);
bool measure_recovery(Table& table, const Effort& effort);
bool measure_hot_apply(Table& table, const Effort& effort);

}  // namespace omenia::bench
