// The version of a release that is still to come: for the tests of an upgrade.
#include "shared/base/version.h"

namespace omenia {

const char* const version = "9999.1.0";
const char* const commit = "0000000";

}  // namespace omenia
