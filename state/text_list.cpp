#include "state/text_list.h"

#include "shared/json/writer.h"

namespace omenia::state {

std::string to_column(const std::vector<std::string>& texts) {
  JsonWriter writer;
  writer.begin_array();
  for (const std::string& text : texts) writer.value(text);
  return writer.end_array().take();
}

std::vector<std::string> texts_in(const std::string& column) {
  std::vector<std::string> texts;
  const Result<Json> list = Json::parse(column);
  if (!list.ok()) return texts;
  for (JsonView item = list.value().view().first(); item; item = item.next()) texts.emplace_back(item.text());
  return texts;
}

}  // namespace omenia::state
