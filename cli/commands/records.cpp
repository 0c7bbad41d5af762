#include "cli/commands/records.h"

#include "cli/dial.h"

namespace omenia::cli {

std::optional<Json> ask_once(Context& context, const Arguments& arguments, const Question& question) {
  auto connection = dial(context, arguments, {question.method, command_identity(question.scope)});
  if (!connection) return std::nullopt;
  auto answer = ask(context, *connection, question.method, question.params);
  if (answer && context.output.json) context.output.line(answer->dump());
  return answer;
}

int say(Context& context, std::string_view sentence) {
  if (!context.output.json) context.output.line(for_terminal(sentence));
  return 0;
}

std::string cell(JsonView text) {
  return text.text().empty() ? "-" : for_terminal(text.text());
}

std::string short_id(JsonView text) {
  const std::string whole = cell(text);
  return whole.size() > 12 ? whole.substr(0, 12) + "…" : whole;
}

std::string joined(JsonView list) {
  std::string text;
  for (JsonView item = list.first(); item; item = item.next()) text += (text.empty() ? "" : ", ") + cell(item);
  return text.empty() ? "-" : text;
}

}  // namespace omenia::cli
