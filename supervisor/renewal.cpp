#include "supervisor/renewal.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <utility>

#include "shared/base/clock.h"
#include "shared/base/limits.h"
#include "shared/base/version.h"
#include "shared/os/child.h"
#include "shared/os/document.h"
#include "shared/os/replace_program.h"

namespace omenia::supervisor {

namespace {

constexpr std::size_t words_bytes_max = 2'000;

std::string program_beside(const std::string& worker_path) {
  return worker_path.substr(0, worker_path.rfind('/')) + "/OmeniaClaw-supervisor";
}

std::string read_words(int fd) {
  std::string words(words_bytes_max, '\0');
  const ssize_t got = ::read(fd, words.data(), words.size());
  words.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  while (words.ends_with('\n')) words.pop_back();
  return words;
}

}  // namespace

Renewal::Renewal(Context& context, Asked asked)
    : context_(context),
      asked_(std::move(asked)),
      log_(context.log.logger("supervisor")),
      again_(context.loop, [this] { go_on(); }) {}

void Renewal::begin() {
  if (std::exchange(running_, true)) return;
  is_checked_ = false;
  deadline_ms_ = steady_ms() + limits::renewal_ms_max;
  go_on();
}

// Looks again and again until everything stands still: a message that is half read cannot be left to anybody.
void Renewal::go_on() {
  if (steady_ms() >= deadline_ms_) {
    if (checker_ != 0) ::kill(checker_, SIGKILL);  // And on_child_end follows.
    return checker_ != 0 ? void() : fail("the gateway does not come to rest");
  }
  const auto left = checker_ == 0 ? asked_.leave() : std::nullopt;
  if (!left) return again_.start(limits::renewal_poll_ms);
  is_checked_ ? become(*left) : check(*left);
}

void Renewal::check(const Succession& left) {
  const auto document = document_of(left.to_json());
  int ends[2];
  if (!document.ok() || ::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return fail("no descriptors are left");
  words_ = Fd(ends[0]);
  const Fd theirs(ends[1]);
  ChildPlan plan;
  plan.program = program_beside(context_.launch.worker_path);
  plan.arguments = {std::string(check_succession_argument)};
  plan.descriptors = {{theirs.get(), STDERR_FILENO}, {document.value().get(), launch_descriptor}};
  plan.own_group = true;
  plan.dies_with_parent = true;
  const auto child = spawn_child(plan);
  if (!child.ok()) return fail(child.error().message);
  checker_ = child.value();
  again_.start(limits::renewal_check_ms_max);
  deadline_ms_ = steady_ms() + limits::renewal_check_ms_max;
}

void Renewal::on_child_end() {
  const auto end = checker_ != 0 ? reap_child(checker_) : std::nullopt;
  if (!end) return;
  checker_ = 0;
  const std::string words = read_words(words_.get());
  words_.reset();
  if (end->exit_code != 0) return fail(words.empty() ? "the program on disk cannot be run: it " + end->words : words);
  is_checked_ = true;
  deadline_ms_ = steady_ms() + limits::renewal_ms_max;
  go_on();
}

void Renewal::become(const Succession& left) {
  auto document = document_of(left.to_json());
  if (!document.ok()) return fail(document.error().message);
  const std::string program = program_beside(context_.launch.worker_path);
  log_.info(std::string("supervisor of release ") + version + " is replaced by the program on disk, " + program);
  context_.log.flush();
  std::vector<int> descriptors = left.descriptors();
  descriptors.push_back(document.value().get());
  fail(replace_program(program, {std::string(succeed_argument) + std::to_string(document.value().get())}, descriptors)
           .message);
}

void Renewal::fail(const std::string& problem) {
  again_.stop();
  running_ = false;
  log_.error("the supervisor is not replaced: " + problem);
  asked_.failed(problem);
}

int answer_whether_we_can_succeed() {
  const Fd document(launch_descriptor);
  const auto text = read_document(document.get(), limits::launch_document_bytes_max);
  const auto left = text.ok() ? Succession::from_json(text.value()) : Result<Succession>(text.error());
  if (left.ok()) return 0;
  std::fprintf(stderr, "%s\n", left.error().message.c_str());
  return 1;
}

Result<Succession> read_succession(std::string_view descriptor) {
  int number = -1;
  std::from_chars(descriptor.data(), descriptor.data() + descriptor.size(), number);
  const Fd document(number);
  TRY_ASSIGN(const std::string text, read_document(document.get(), limits::launch_document_bytes_max));
  return Succession::from_json(text);
}

}  // namespace omenia::supervisor
