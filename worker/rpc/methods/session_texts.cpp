#include "worker/rpc/methods/session_texts.h"

#include "shared/base/limits.h"
#include "worker/agents/transcript.h"

namespace omenia::rpc::methods {

std::string shortened(std::string text, std::size_t chars_max) {
  std::size_t chars = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
    if (!begins || ++chars <= chars_max) continue;
    text.resize(i);
    return text + "…";
  }
  return text;
}

std::string text_in(const state::EntryRow& entry) {
  const auto body = Json::parse(entry.body);
  return body.ok() ? agents::text_of(body.value()["content"]) : std::string();
}

state::SessionFilter filter_of(JsonView params, std::int64_t now_ms) {
  using Archived = state::SessionFilter::Archived;
  state::SessionFilter filter;
  const std::int64_t minutes = params["activeMinutes"].integer(0);
  filter.updated_since_ms = minutes > 0 ? now_ms - minutes * 60'000 : 0;
  filter.agent_id = params["agentId"].text();
  filter.archived = params["archived"].boolean() ? Archived::yes : Archived::no;
  if (params["archived"].text() == "all") filter.archived = Archived::both;
  filter.pinned_only = params["pinned"].boolean();
  filter.label = params["label"].text();
  filter.category = params["group"].text();
  filter.search = params["search"].text();
  filter.by_interaction = params["sortBy"].text() == "lastInteractionAt";
  return filter;
}

WantedTexts WantedTexts::read(JsonView params) {
  return {params["includeDerivedTitles"].boolean(), params["includeLastMessage"].boolean()};
}

Result<sessions::RowTexts> read_texts(state::Tables& tables, const state::SessionRow& row, WantedTexts wanted) {
  sessions::RowTexts texts;
  if (wanted.titles) {
    TRY_ASSIGN(const auto first, tables.entries.first_of(row.session_id, "user"));
    if (first) texts.title = shortened(text_in(*first), limits::title_chars_max);
  }
  if (wanted.last_messages) {
    TRY_ASSIGN(const auto last, tables.entries.window(row.session_id, 0, 1));
    if (!last.empty()) texts.last_message = shortened(text_in(last.back()), limits::preview_chars);
  }
  return texts;
}

}  // namespace omenia::rpc::methods
