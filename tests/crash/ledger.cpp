#include "tests/crash/ledger.h"

namespace omenia::crash {

namespace {
constexpr std::size_t complaints_max = 40;
}  // namespace

void Ledger::sent(const Message& message) {
  const std::lock_guard lock(mutex_);
  messages_.emplace(message.id, message);
}

void Ledger::acknowledged(const std::string& id, const std::string& run_id) {
  const std::lock_guard lock(mutex_);
  messages_.at(id).acknowledged = true;
  messages_.at(id).run_id = run_id;
}

void Ledger::told_final(const std::string& id) {
  const std::lock_guard lock(mutex_);
  messages_.at(id).told_final = true;
}

std::vector<Message> Ledger::messages() const {
  const std::lock_guard lock(mutex_);
  std::vector<Message> all;
  for (const auto& [id, message] : messages_) all.push_back(message);
  return all;
}

void Ledger::complain(const std::string& words) {
  const std::lock_guard lock(mutex_);
  if (complaints_.size() < complaints_max) complaints_.push_back(words);
}

std::vector<std::string> Ledger::complaints() const {
  const std::lock_guard lock(mutex_);
  return complaints_;
}

}  // namespace omenia::crash
