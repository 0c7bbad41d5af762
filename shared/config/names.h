#pragma once
// Names: is every key of the document one that we know? Unknown ones are errors with the nearest known name, those of
// compatible gateways that we do not use are warnings.

#include "shared/config/report.h"
#include "shared/json/json.h"

namespace omenia {

void check_names(JsonView document, Report& report);

}  // namespace omenia
