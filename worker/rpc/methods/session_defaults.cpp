#include "worker/rpc/methods/session_defaults.h"

#include <algorithm>

namespace omenia::rpc::methods {

void write_session_defaults(JsonWriter& writer, const worker::Context& context) {
  const std::string name = context.catalog->default_name();
  const auto slash = name.find('/');
  writer.key("defaults").begin_object().member("modelProvider", name.substr(0, slash));
  writer.member("model", name.substr(slash + 1));
  const auto rows = context.catalog->rows();
  const auto row = std::find_if(rows.begin(), rows.end(), [](const auto& each) { return each.is_default; });
  if (row != rows.end() && row->model.context_window > 0) writer.member("contextTokens", row->model.context_window);
  writer.end_object();
}

}  // namespace omenia::rpc::methods
