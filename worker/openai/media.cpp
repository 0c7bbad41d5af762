#include "worker/openai/media.h"

#include <algorithm>
#include <iterator>

#include "shared/base/ascii.h"
#include "shared/base/ids.h"
#include "worker/net/fetch.h"
#include "worker/openai/request_fields.h"

namespace omenia::openai {

namespace {

constexpr const char* image_types[] = {"image/jpeg", "image/png",  "image/gif",
                                       "image/webp", "image/heic", "image/heif"};
constexpr const char* file_types[] = {"text/plain", "text/markdown", "text/html", "text/csv", "application/json"};

template <std::size_t count>
std::vector<std::string> types_of(const std::vector<std::string>& configured, const char* const (&otherwise)[count]) {
  return configured.empty() ? std::vector<std::string>(std::begin(otherwise), std::end(otherwise)) : configured;
}

std::string media_type(std::string_view text) {
  const std::string type = lowered(trimmed(text.substr(0, text.find(';'))));
  return type == "image/jpg" ? "image/jpeg" : type;
}

// What an image is by how it begins; empty for what is none of these.
std::string_view image_type_of(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return "image/jpeg";
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return "image/png";
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return "image/gif";
  if (bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP")) return "image/webp";
  if (bytes.substr(0, 8).ends_with("ftyp")) {
    const std::string_view brand = bytes.substr(8, 4);
    for (const std::string_view heic : {"heic", "heix", "hevc", "hevx"})
      if (brand == heic) return "image/heic";
    if (brand == "mif1" || brand == "msf1" || brand == "heif") return "image/heif";
  }
  return {};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

}  // namespace

MediaRules chat_image_rules(const Config& config) {
  return {.by_url = config.chat_images_by_url,
          .hosts = config.chat_images_url_hosts,
          .types = types_of(config.chat_images_types, image_types),
          .bytes_max = static_cast<std::size_t>(config.chat_images_bytes_max),
          .redirects_max = config.chat_images_redirects_max,
          .fetch_ms_max = config.chat_images_fetch_ms};
}

MediaRules response_image_rules(const Config& config) {
  return {.by_url = config.response_images_by_url,
          .hosts = config.response_images_url_hosts,
          .types = types_of(config.response_images_types, image_types),
          .bytes_max = static_cast<std::size_t>(config.response_images_bytes_max),
          .redirects_max = config.response_images_redirects_max,
          .fetch_ms_max = config.response_images_fetch_ms};
}

MediaRules response_file_rules(const Config& config) {
  return {.by_url = config.response_files_by_url,
          .hosts = config.response_files_url_hosts,
          .types = types_of(config.response_files_types, file_types),
          .bytes_max = static_cast<std::size_t>(config.response_files_bytes_max),
          .redirects_max = config.response_files_redirects_max,
          .fetch_ms_max = config.response_files_fetch_ms};
}

Result<Media> media_of_url(std::string_view url) {
  if (!same_but_for_case(url.substr(0, 5), "data:")) {
    if (url.empty()) return invalid("the URL is empty");
    Media named;
    named.url = url;
    return named;
  }
  const auto comma = url.find(',');
  const std::string_view head = url.substr(5, comma == std::string_view::npos ? comma : comma - 5);
  if (comma == std::string_view::npos || !lowered(head).ends_with(";base64"))
    return invalid("a data URL must hold base64: data:<type>;base64,<data>");
  return media_of_base64(head, url.substr(comma + 1));
}

Result<Media> media_of_base64(std::string_view type, std::string_view data) {
  auto bytes = decode_base64(data);
  if (!bytes) return invalid("the data is no base64");
  if (bytes->empty()) return invalid("the data is empty");
  Media media;
  media.type = media_type(type);
  media.bytes = std::move(*bytes);
  return media;
}

Result<void> check_type(const std::string& type, const MediaRules& rules) {
  if (std::find(rules.types.begin(), rules.types.end(), type) != rules.types.end()) return {};
  return invalid((type.empty() ? "the media type is not known" : "the media type " + type + " is not taken") +
                 std::string("; it must be one of ") + joined(rules.types));
}

Result<void> check_size(std::size_t bytes, const MediaRules& rules) {
  if (bytes <= rules.bytes_max) return {};
  return invalid("it is larger than " + std::to_string(rules.bytes_max) + " bytes");
}

Result<providers::Image> image_of(const Media& media, const MediaRules& rules) {
  const std::string_view told = image_type_of(media.bytes);
  const std::string type = told.empty() ? media.type : std::string(told);
  TRY(check_type(type, rules));
  TRY(check_size(media.bytes.size(), rules));
  return providers::Image{type, base64(media.bytes)};
}

Task<Result<Media>> obtained(worker::Context* context, Media media, MediaRules rules, std::stop_token stop) {
  if (media.url.empty()) co_return media;
  if (!rules.by_url) co_return invalid("URLs are not fetched here: send the data itself as a data URL");
  net::FetchRules fetch_rules{.may_connect = context->may_fetch_from,
                              .hosts = rules.hosts,
                              .bytes_max = rules.bytes_max,
                              .redirects_max = rules.redirects_max,
                              .time_ms_max = rules.fetch_ms_max};
  auto fetching = net::fetch(&context->outbound, media.url, std::move(fetch_rules), std::move(stop));
  auto fetched = co_await std::move(fetching);
  if (!fetched.ok()) {
    const Error& error = fetched.error();
    if (error.code == ErrorCode::run_aborted) co_return error;
    context->log.logger("gateway/http").warn("what a request names by URL was not fetched: " + error.message);
    co_return invalid("the URL was not fetched; the gateway's log says why");
  }
  media.type = media_type(fetched.value().content_type);
  media.bytes = std::move(fetched.value().body);
  co_return media;
}

Task<Result<std::vector<providers::Image>>> obtained_images(worker::Context* context, std::vector<Media> images,
                                                            MediaRules rules, std::stop_token stop) {
  std::vector<providers::Image> taken;
  if (images.size() > limits::input_images_max)
    co_return invalid("there are more than " + std::to_string(limits::input_images_max) + " images");
  std::size_t bytes = 0;
  for (Media& named : images) {
    TRY_AWAIT(const Media media, obtained(context, std::move(named), rules, stop));
    bytes += media.bytes.size();
    if (bytes > limits::input_images_bytes_max)
      co_return invalid("the images are larger than " + std::to_string(limits::input_images_bytes_max) +
                        " bytes together");
    CO_TRY_ASSIGN(providers::Image image, image_of(media, rules));
    taken.push_back(std::move(image));
  }
  co_return taken;
}

}  // namespace omenia::openai
