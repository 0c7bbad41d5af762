#pragma once
// The events of the wire protocol; every fact about one is its row in shared/tables/events.def.

#include <string_view>

namespace omenia {

enum class Event {
#define EVENT(id, name, scope, slow, doc) id,
#include "shared/tables/events.def"
#undef EVENT
};

// What a connection must hold to receive an event. `none`: nothing, nodes receive it too. `direct`: it is never told to
// all, only to the one connection it is meant for, and carries no seq.
enum class EventScope { none, read, write, admin, approvals, questions, pairing, talk, direct };
enum class SlowReader { keep, drop };

struct EventRow {
  Event event;
  std::string_view name;
  EventScope scope;
  SlowReader slow_reader;
  std::string_view doc;
};

inline constexpr EventRow event_rows[] = {
#define EVENT(id, name, scope, slow, doc) {Event::id, name, EventScope::scope, SlowReader::slow, doc},
#include "shared/tables/events.def"
#undef EVENT
};

constexpr const EventRow& row_of(Event event) {
  return event_rows[static_cast<int>(event)];
}

}  // namespace omenia
