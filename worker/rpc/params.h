#pragma once
// The shapes of the methods' parameters. Fields that this release has no use for are known, so that clients of the
// reference pass; a handler refuses those that would change what the caller gets.

#include "shared/json/shape.h"

namespace omenia::rpc {

extern const Shape no_params;
extern const Shape health_params;
extern const Shape status_params;
extern const Shape logs_tail_params;
extern const Shape models_list_params;
extern const Shape sessions_list_params;
extern const Shape messages_subscribe_params;
extern const Shape chat_history_params;
extern const Shape chat_send_params;
extern const Shape chat_abort_params;
extern const Shape agent_params;
extern const Shape agent_wait_params;
extern const Shape config_set_params;
extern const Shape config_apply_params;
extern const Shape config_patch_params;
extern const Shape config_lookup_params;

}  // namespace omenia::rpc
