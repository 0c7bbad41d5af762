#include "worker/agents/lanes.h"

#include <algorithm>

namespace omenia::agents {

Lanes::Turn::Turn(Lanes& lanes, std::string key) : lanes_(lanes), key_(std::move(key)), resolver_(begun_.resolver()) {
  lanes_.enter(this);
}

Lanes::Turn::~Turn() {
  leave();
}

void Lanes::Turn::cancel() {
  if (place_ == Place::running || place_ == Place::left) return;
  leave();
  lanes_.loop_.post([resolver = resolver_] { resolver.resolve(false); });
}

void Lanes::Turn::leave() {
  if (place_ == Place::left) return;
  auto lane = lanes_.lanes_.find(key_);
  const bool was_first = lane->second.front() == this;
  lane->second.erase(std::find(lane->second.begin(), lane->second.end(), this));
  if (place_ == Place::running) --lanes_.running_;
  if (place_ == Place::first_of_lane) std::erase(lanes_.ready_, this);
  place_ = Place::left;
  if (lane->second.empty()) {
    lanes_.lanes_.erase(lane);
  } else if (was_first) {
    Turn* next = lane->second.front();
    next->place_ = Place::first_of_lane;
    lanes_.ready_.push_back(next);
  }
  lanes_.fill();
}

void Lanes::enter(Turn* turn) {
  auto& lane = lanes_[turn->key_];
  lane.push_back(turn);
  if (lane.size() > 1) return;
  turn->place_ = Turn::Place::first_of_lane;
  if (running_ < running_max_ && ready_.empty()) {
    begin(turn);
    turn->resolver_.resolve(true);  // Nobody waits for it yet.
  } else {
    ready_.push_back(turn);
  }
}

void Lanes::begin(Turn* turn) {
  turn->place_ = Turn::Place::running;
  ++running_;
}

// Waiting runs are resumed from the loop, not from within the run that ended.
void Lanes::fill() {
  while (running_ < running_max_ && !ready_.empty()) {
    Turn* turn = ready_.front();
    ready_.pop_front();
    begin(turn);
    loop_.post([resolver = turn->resolver_] { resolver.resolve(true); });
  }
}

std::size_t Lanes::queued(const std::string& key) const {
  const auto lane = lanes_.find(key);
  return lane == lanes_.end() ? 0 : lane->second.size() - 1;
}

void Lanes::set_running_max(std::size_t running_max) {
  running_max_ = running_max;
  fill();
}

}  // namespace omenia::agents
