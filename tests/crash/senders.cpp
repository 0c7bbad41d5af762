#include "tests/crash/senders.h"

#include <optional>
#include <random>

#include "shared/json/writer.h"

namespace omenia::crash {

namespace {

constexpr int messages_of_a_session = 8;
constexpr int pause_ms = 10;  // After a connection that did not come about.

// What a message's id begins with.
constexpr char over_socket = 'w';
constexpr char in_session = 'h';  // Over HTTP.
constexpr char one_off = 'o';     // The same, in no session that anybody knows.

// Half of the sessions answer at once, half a word at a time, so that a kill finds runs at every point.
Message message_of(char kind, int client, int number) {
  Message message;
  message.id = kind + std::to_string(client) + "-" + std::to_string(number);
  const int session = number / messages_of_a_session;
  if (kind != one_off)
    message.session = std::string("agent:") + (session % 2 == 0 ? "echo" : "paced") + ":crash-" + kind +
                      std::to_string(client) + "-" + std::to_string(session);
  message.text = message.id + " is told again word by word";
  message.over_http = kind != over_socket;
  return message;
}

class SocketSender {
 public:
  SocketSender(int client, int port, test::Identity identity, std::uint32_t seed, Ledger& ledger)
      : client_(client), port_(port), identity_(std::move(identity)), random_(seed), ledger_(ledger) {}

  void run() {
    while (!ledger_.stopping) {
      test::WsClient socket(port_);
      if (!socket.socket().open() && !ledger_.may_be_down) ++ledger_.refused;
      if (socket.upgrade_status() != 101 || !socket.connect(identity_)["ok"].boolean()) {
        ::poll(nullptr, 0, pause_ms);
        continue;
      }
      ++ledger_.connections;
      while (!ledger_.stopping && send_one(socket)) continue;
    }
  }

 private:
  bool chance(unsigned one_in) { return random_() % one_in == 0; }

  // False: the connection is gone.
  bool send_one(test::WsClient& socket) {
    if (!unanswered_) {
      unanswered_ = message_of(over_socket, client_, number_++);
      ledger_.sent(*unanswered_);
    } else {
      ++ledger_.repeated;
    }
    const Message message = *unanswered_;
    const Json answer = ask(socket, message);
    if (!answer) {
      ++ledger_.cut_off;
      if (chance(2)) unanswered_.reset();  // A client that gives up; its message is there once, or not at all.
      return false;
    }
    if (!answer["ok"].boolean()) return turned_away(answer);
    ledger_.acknowledged(message.id);
    unanswered_.reset();
    if (chance(6)) {
      ++ledger_.repeated;
      if (!ask(socket, message)) return false;
    }
    return chance(2) ? true : follow(socket, message);
  }

  Json ask(test::WsClient& socket, const Message& message) {
    JsonWriter params;
    params.begin_object().member("sessionKey", message.session).member("message", message.text);
    params.member("idempotencyKey", message.id).end_object();
    return socket.call(chance(2) ? "chat.send" : "agent", params.text());
  }

  // Asked again under the same key: it was not accepted.
  bool turned_away(JsonView answer) {
    ++ledger_.turned_away;
    if (!answer["error"]["retryable"].boolean()) {
      ++ledger_.wrong_answers;
      ledger_.complain("a message is refused: " + answer.dump());
      unanswered_.reset();
    }
    ::poll(nullptr, 0, pause_ms);
    return true;
  }

  bool follow(test::WsClient& socket, const Message& message) {
    for (;;) {
      const Json frame = socket.next();
      if (!frame) return false;
      const JsonView payload = frame["payload"];
      if (!test::is_event(frame, "chat") || payload["runId"].text() != message.id) continue;
      const std::string_view state = payload["state"].text();
      if (state == "delta") continue;
      if (state != "final") return true;
      if (text_of(payload["message"]) == message.text) {
        ledger_.told_final(message.id);
      } else {
        ++ledger_.wrong_answers;
        ledger_.complain(message.id + " was answered: " + frame.dump());
      }
      return true;
    }
  }

  int client_;
  int port_;
  test::Identity identity_;
  std::mt19937 random_;
  Ledger& ledger_;
  int number_ = 0;
  std::optional<Message> unanswered_;
};

void send_over_http(char kind, int client, int port, const std::string& token, Ledger& ledger) {
  for (int number = 0; !ledger.stopping; ++number) {
    const Message message = message_of(kind, client, number);
    const bool is_echo = kind == one_off ? number % 16 != 0 : message.session.starts_with("agent:echo");
    const std::string session =
        message.session.empty() ? std::string() : "x-OmeniaClaw-session-key: " + message.session + "\r\n";
    test::HttpClient connection(port);
    if (!connection.open()) {
      if (!ledger.may_be_down) ++ledger.refused;
      ::poll(nullptr, 0, pause_ms);
      continue;
    }
    ledger.sent(message);
    const test::HttpAnswer answer =
        connection.ask({.method = "POST",
                        .target = "/v1/chat/completions",
                        .token = token,
                        .headers = session,
                        .body = test::chat_body(is_echo ? "OmeniaClaw/echo" : "OmeniaClaw/paced", message.text)});
    if (answer.status == 0) ++ledger.cut_off;
    if (answer.status == 503) ++ledger.turned_away;
    if (answer.status != 200) {
      ::poll(nullptr, 0, pause_ms);
      continue;
    }
    ledger.acknowledged(message.id, kind == one_off ? std::string(answer.json()["id"].text()) : std::string());
    if (answer.json()["choices"].at(0)["message"]["content"].text() == message.text) {
      ledger.told_final(message.id);
    } else {
      ++ledger.wrong_answers;
      ledger.complain(message.id + " was answered: " + answer.body);
    }
  }
}

}  // namespace

std::string text_of(JsonView message) {
  const JsonView content = message["content"];
  if (content.is_string()) return std::string(content.text());
  std::string text;
  for (JsonView part = content.first(); part; part = part.next()) text += part["text"].text();
  return text;
}

Senders::Senders(const Clients& clients, const test::Gateway& gateway, std::uint32_t seed, Ledger& ledger) {
  for (int client = 0; client < clients.over_sockets; ++client)
    threads_.emplace_back([client, port = gateway.port(), identity = gateway.backend(), seed, &ledger] {
      SocketSender(client, port, identity, seed + static_cast<std::uint32_t>(client), ledger).run();
    });
  const auto send = [&](char kind, int client) {
    threads_.emplace_back([kind, client, port = gateway.port(), token = gateway.token(), &ledger] {
      send_over_http(kind, client, port, token, ledger);
    });
  };
  for (int client = 0; client < clients.over_http; ++client) send(in_session, client);
  for (int client = 0; client < clients.one_offs; ++client) send(one_off, client);
}

Senders::~Senders() {
  for (std::thread& thread : threads_) thread.join();
}

}  // namespace omenia::crash
