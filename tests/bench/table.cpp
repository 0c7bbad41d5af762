#include "tests/bench/table.h"

#include <cstdio>
#include <fstream>

#include "shared/base/clock.h"
#include "shared/json/writer.h"

namespace omenia::bench {

void Table::add_times(const std::string& name, const Samples& samples) {
  add(name + ", min", "ms", samples.quantile_ms(0));
  add(name + ", p50", "ms", samples.quantile_ms(0.5));
  add(name + ", p90", "ms", samples.quantile_ms(0.9));
}

void Table::print() const {
  for (const auto& figure : figures_) {
    std::printf("%-58s %12.2f %s\n", figure.name.c_str(), figure.value, figure.unit.c_str());
  }
}

bool Table::write_json(const std::string& path) const {
  JsonWriter writer;
  writer.begin_object().member("time", iso_utc(wall_ms())).key("figures").begin_array();
  for (const auto& figure : figures_) {
    writer.begin_object().member("name", figure.name).member("unit", figure.unit).member("value", figure.value);
    writer.end_object();
  }
  writer.end_array().end_object();
  std::ofstream file(path);
  file << writer.text() << '\n';
  return file.good();
}

}  // namespace omenia::bench
