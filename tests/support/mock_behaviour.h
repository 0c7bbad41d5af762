#pragma once
// MockBehaviour: what the mock model server answers to one request, as a plain value. The model's id chooses, so that a
// test says what it wants where it configures its model; nothing here touches a socket.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace omenia::test {

enum class Pace {
  at_once,
  slow,   // A piece every piece_ms.
  gated,  // Each piece waits for MockUpstream::release.
};
enum class Ending {
  complete,
  drop,   // The connection is closed in the middle.
  stall,  // Nothing more comes and the connection stays open.
};

inline constexpr int mock_piece_ms = 300;
inline constexpr int mock_paced_piece_ms = 50;
inline constexpr int mock_stamped_piece_ms = 5;

// In a piece of a stamped answer this is replaced by the time when it is sent: microseconds of the steady clock.
inline constexpr std::string_view mock_stamp = "################";

struct MockAnswer {
  int status = 200;
  std::string content_type = "application/json";
  std::string headers{};  // Further header lines, each ending with CRLF.
  std::vector<std::string> pieces{};
  bool streamed = false;  // Pieces go out as chunks; otherwise they are one body with a length.
  bool stamped = false;
  bool endless = false;  // The last piece is sent again and again.
  Pace pace = Pace::at_once;
  int piece_ms = mock_piece_ms;
  Ending ending = Ending::complete;
};

// Every model id there is, mock-1 first.
std::span<const std::string_view> mock_models();

MockAnswer mock_answer(std::string_view method, std::string_view target, std::string_view body);

}  // namespace omenia::test
