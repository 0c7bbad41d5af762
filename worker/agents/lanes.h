#pragma once
// Lanes: one run at a time in each session, first come first served, and a bound on how many run in all. A run takes
// its session's lane first and then a place among all, so that a waiting session holds no place.

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "shared/base/pending.h"
#include "shared/loop/loop.h"

namespace omenia::agents {

class Lanes {
 public:
  // A run's place in the queue and then on the lane; giving it up lets the next one go. Outlived by its Lanes.
  class Turn {
   public:
    Turn(Lanes& lanes, std::string key);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    // Answers true when it is this run's turn, false when cancel() came first. Awaited once.
    Pending<bool> begun() { return std::move(begun_); }
    void cancel();
    bool is_running() const { return place_ == Place::running; }  // It is its turn already.

   private:
    friend class Lanes;
    enum class Place { queued, first_of_lane, running, left };
    void leave();

    Lanes& lanes_;
    std::string key_;
    Place place_ = Place::queued;
    Pending<bool> begun_;
    Resolver<bool> resolver_;
  };

  Lanes(Loop& loop, std::size_t running_max) : loop_(loop), running_max_(running_max) {}

  std::size_t queued(const std::string& key) const;  // Waiting behind the lane's first, which is not counted.
  void set_running_max(std::size_t running_max);

 private:
  void enter(Turn* turn);
  void begin(Turn* turn);
  void fill();

  Loop& loop_;
  std::size_t running_max_;
  std::size_t running_ = 0;
  std::unordered_map<std::string, std::deque<Turn*>> lanes_;
  std::deque<Turn*> ready_;  // First of their lane, waiting for a place among all.
};

}  // namespace omenia::agents
