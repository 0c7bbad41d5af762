#include "worker/rpc/payload.h"

namespace omenia::rpc {

std::string problems_of(JsonView answer, const Payload& payload) {
  if (payload.nullable && answer.is_null()) return {};
  if (payload.type == JsonType::object) return omenia::problems_of(answer, payload.shape);
  if (!answer.is_array()) return "at root: must be array";
  for (JsonView item = answer.first(); item; item = item.next())
    if (std::string problems = omenia::problems_of(item, payload.shape); !problems.empty()) return problems;
  return {};
}

}  // namespace omenia::rpc
