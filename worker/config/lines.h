#pragma once
// The control messages about a changed configuration, each as one line of JSON:
//   planned {class, mode, action, changes[{path, class, old?, new?}], problems[{path, message, line?, file?}], files[],
//            bindMode, listen[{host, port}], text}
//   applied {ok, hash?, changes?, text}
// `action` is none, ignore, apply, swap, or invalid when there are problems; then nothing else is known.

#include <string>

namespace omenia::worker {

struct Context;

std::string plan_line(Context& context);
std::string apply_line(Context& context);

}  // namespace omenia::worker
