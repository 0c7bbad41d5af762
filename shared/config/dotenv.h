#pragma once
// .env files: variables for those that the process was not given. The process's own environment is not changed.

#include <map>
#include <string>
#include <string_view>

#include "shared/config/paths.h"

namespace omenia {

// NAME=value lines, also `export NAME=value`. A value in single quotes is taken as it is, one in double quotes knows
// \n, \t, \", \\ and \$; without quotes it ends before " #". What is no such line is skipped.
std::map<std::string, std::string, std::less<>> parse_dotenv(std::string_view text);

// `environment`, then <folder>/.env, then <state dir>/.env. The working folder may be anybody's, such as a cloned
// repository, so its file cannot set the gateway's own variables (OmeniaClaw_*).
Environment with_dotenv(Environment environment, const std::string& state_dir, const std::string& folder);

}  // namespace omenia
