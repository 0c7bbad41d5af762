#pragma once
// Objects that the answers of more than one method hold.

#include "worker/rpc/payload.h"

namespace omenia::rpc::parts {

using enum JsonType;

inline constexpr bool required = true;

inline constexpr Field event_loop_fields[] = {
    {"degraded", boolean, required},  {"reasons", array, required},      {"delayP99Ms", number, required},
    {"delayMaxMs", number, required}, {"utilization", number, required},
};
inline constexpr Shape event_loop{event_loop_fields, open};

inline constexpr Field defaults_fields[] = {
    {"modelProvider", string, required}, {"model", string, required}, {"contextTokens", integer}};
inline constexpr Shape defaults{defaults_fields, open};

inline constexpr Field session_fields[] = {
    {"key", text, required},
    {"sessionId", text, required},
    {"agentId", text, required},
    {.name = "kind", .type = string, .required = true, .allowed = "direct"},
    {.name = "classification", .type = string, .required = true, .allowed = "main|direct"},
    {.name = "visibility", .type = string, .required = true, .allowed = "shared"},
    {"isMain", boolean, required},
    {"isBackground", boolean, required},
    {"label", text},
    {"displayName", text},
    {"createdAt", integer, required},
    {"updatedAt", integer, required},
    {"lastInteractionAt", integer, required},
    {"lastActivityAt", integer, required},
    {"archived", boolean, required},
    {"pinned", boolean, required},
    {"unread", boolean, required},
    {"abortedLastRun", boolean, required},
    {"inputTokens", integer, required},
    {"outputTokens", integer, required},
    {"totalTokens", integer, required},
    {"totalTokensFresh", boolean, required},
    {.name = "status", .type = string, .allowed = "running|failed|killed|timeout|done"},
    {"lastRunId", text},
    {"startedAt", integer},
    {"endedAt", integer},
    {"runtimeMs", integer},
    {"modelProvider", string},
    {"model", string},
    {.name = "modelOverrideSource", .type = string, .required = true, .nullable = true},
    {"hasActiveRun", boolean, required},
    {.name = "activeRunIds", .type = array, .required = true, .item = string},
};
inline constexpr Shape session{session_fields, open};

inline constexpr Field message_fields[] = {
    {"role", text, required}, {"content", any, required}, {"__openclaw", object, required}};
inline constexpr Shape message{message_fields, open};

inline constexpr Field model_fields[] = {
    {"id", text, required},
    {"name", text, required},
    {"provider", text, required},
    {"contextWindow", integer},
    {"reasoning", boolean},
    {.name = "thinkingLevels", .type = array, .item = object},
    {.name = "tags", .type = array, .item = text},
    {"available", boolean, required},
};
inline constexpr Shape model{model_fields};

inline constexpr Field issue_fields[] = {
    {"path", string, required}, {"message", text, required}, {"line", integer}, {"file", text}};
inline constexpr Shape issue{issue_fields};

}  // namespace omenia::rpc::parts
