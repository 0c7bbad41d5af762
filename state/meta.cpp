#include "state/meta.h"

#include "state/database.h"

namespace omenia::state {

Result<std::string> Meta::instance_id() {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT instance_id FROM meta"));
  TRY(row.step());
  return row.text(0);
}

Result<std::int64_t> Meta::next_generation() {
  TRY(database_.run("UPDATE meta SET generation = generation + 1"));
  return database_.number("SELECT generation FROM meta");
}

}  // namespace omenia::state
