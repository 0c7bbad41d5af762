#pragma once
// The shapes of the methods' parameters and answers, as their rows name them; params_<family>.cpp and
// results_<family>.cpp define them. Parameters that this release has no use for are known, so that clients of the
// reference pass; a handler refuses those that would change what the caller gets.

#include "worker/rpc/payload.h"

namespace omenia::rpc {

#define METHOD(id, name, scope, params, result, traits, doc) \
  extern const Shape params;                                 \
  extern const Payload result;
#include "shared/tables/methods.def"
#undef METHOD

}  // namespace omenia::rpc
