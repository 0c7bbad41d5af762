#pragma once
// Redaction: a configuration as it may be shown. Values of hidden keys become __OmeniaClaw_REDACTED__; a reference such
// as "${OPENAI_API_KEY}" stays, because it is no secret.

#include "shared/json/json.h"
#include "shared/json/json_path.h"

namespace omenia {

// `place` is where `value` stands in the document; empty for the whole of it. Keys that no table has are hidden when
// their name sounds like a secret.
Json redacted(JsonView value, const JsonPath& place);

bool holds_redaction(JsonView value);  // A placeholder stands somewhere inside.

}  // namespace omenia
