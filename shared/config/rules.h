#pragma once
// The rules of the key tables as questions about one text, and what is no credential.

#include <optional>
#include <string>
#include <string_view>

#include "shared/config/keys.h"

namespace omenia {

// What is wrong with `text` under `rule`; nothing when it fits. Never repeats the text, which may hold a secret.
std::optional<std::string> problem_of(const KeyRule& rule, std::string_view text);

// Why `text` cannot be a token, password or key: it is blank, a placeholder, or holds a control character.
std::optional<std::string> credential_problem(std::string_view text);

// Texts that stand for a hidden value in what was printed; a configuration that holds one was copied from output.
inline constexpr std::string_view redaction = "__OmeniaClaw_REDACTED__";
bool is_redaction(std::string_view text);

bool is_ipv4(std::string_view text);

}  // namespace omenia
