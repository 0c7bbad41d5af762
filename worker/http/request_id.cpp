#include "worker/http/request_id.h"

#include "shared/base/ids.h"
#include "shared/base/limits.h"
#include "worker/http/characters.h"

namespace omenia::http {

namespace {

constexpr Characters id_characters("-_.:+/=@");

bool is_clean(std::string_view id) {
  return !id.empty() && id.size() <= limits::request_id_chars_max && id_characters.contain_all_of(id);
}

}  // namespace

RequestIds::RequestIds() : start_(random_uuid().substr(0, 8) + "-") {}

std::string RequestIds::choose(std::string_view offered) {
  return is_clean(offered) ? std::string(offered) : start_ + std::to_string(++count_);
}

}  // namespace omenia::http
