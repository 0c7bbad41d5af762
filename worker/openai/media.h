#pragma once
// Media: images and files that come with a request, inside it as base64 or named by an URL, and what is taken of them.

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "worker/context.h"

namespace omenia::openai {

struct MediaRules {
  bool by_url = false;
  std::vector<std::string> hosts;  // Empty: any.
  std::vector<std::string> types;
  std::size_t bytes_max = 0;
  std::int64_t redirects_max = 0;
  std::int64_t fetch_ms_max = 0;
};

MediaRules chat_image_rules(const Config& config);
MediaRules response_image_rules(const Config& config);
MediaRules response_file_rules(const Config& config);

// One of them. Either `url` is set, or the bytes are there.
struct Media {
  std::string url;
  std::string type;  // As the sender calls it, lower case, without parameters; may be empty.
  std::string bytes;
  std::string name;  // Of a file; may be empty.
};

// "data:image/png;base64,..." or an http or https URL. Errors here and below: invalid_request, the reason alone.
Result<Media> media_of_url(std::string_view url);
Result<Media> media_of_base64(std::string_view type, std::string_view data);

// What is taken of an image: its type, by its own first bytes where they tell it.
Result<providers::Image> image_of(const Media& media, const MediaRules& rules);

// What is said to be of one of the types that are taken, and not too large.
Result<void> check_type(const std::string& type, const MediaRules& rules);
Result<void> check_size(std::size_t bytes, const MediaRules& rules);

// With its bytes: those that only an URL names are fetched.
Task<Result<Media>> obtained(worker::Context* context, Media media, MediaRules rules, std::stop_token stop);

// All images of a request, in order. They are bounded together as well.
Task<Result<std::vector<providers::Image>>> obtained_images(worker::Context* context, std::vector<Media> images,
                                                            MediaRules rules, std::stop_token stop);

}  // namespace omenia::openai
