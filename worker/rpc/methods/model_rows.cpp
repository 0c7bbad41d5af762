#include "worker/rpc/methods/model_rows.h"

namespace omenia::rpc::methods {

void write_model_row(JsonWriter& writer, const providers::CatalogRow& row) {
  writer.begin_object().member("id", row.model.id);
  writer.member("name", row.model.name.empty() ? row.model.id : row.model.name).member("provider", row.provider);
  if (row.model.context_window > 0) writer.member("contextWindow", row.model.context_window);
  writer.member("reasoning", row.model.reasoning);
  writer.key("thinkingLevels").begin_array();
  if (row.model.reasoning)
    for (const char* level : {"off", "minimal", "low", "medium", "high"})
      writer.begin_object().member("id", level).member("label", level).end_object();
  writer.end_array();
  if (row.is_default) writer.key("tags").begin_array().value("default").end_array();
  writer.member("available", true).end_object();
}

}  // namespace omenia::rpc::methods
