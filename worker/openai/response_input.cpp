#include "worker/openai/response_input.h"

#include <algorithm>
#include <utility>

#include "shared/base/ascii.h"
#include "worker/openai/request_fields.h"

namespace omenia::openai {

namespace {

Error at(const std::string& path, const std::string& why) {
  return invalid(path + ": " + why);
}

std::string quoted(std::string_view text) {
  return "'" + std::string(text.substr(0, limits::config_text_chars_max)) + "'";
}

bool is_image(JsonView part) {
  return part["type"].text() == "input_image";
}
bool is_file(JsonView part) {
  return part["type"].text() == "input_file";
}

// The member of a part that holds its URL or data URL, whatever the form; nothing for base64 in a source.
JsonView url_of(JsonView part) {
  if (const JsonView source = part["source"]; source.is_object()) return source["url"];
  if (is_file(part)) return part["file_url"];
  const JsonView image = part["image_url"];
  return image.is_object() ? image["url"] : image;
}

bool is_named_by_url(JsonView part) {
  const std::string_view url = url_of(part).text();
  return (is_image(part) || is_file(part)) && !url.empty() && !same_but_for_case(url.substr(0, 5), "data:");
}

Result<void> check_parts(JsonView content, const std::string& path) {
  if (content.is_string() || is_absent(content)) return {};
  if (!content.is_array()) return at(path, "content must be a string or an array of parts");
  std::size_t number = 0;
  for (JsonView part = content.first(); part; part = part.next(), ++number) {
    const std::string place = path + "." + std::to_string(number);
    if (!part.is_object()) return at(place, "a part must be an object");
    const std::string_view type = part["type"].text();
    const bool known = is_image(part) || is_file(part) || type == "input_text" || type == "output_text" ||
                       type == "text" || type == "refusal";
    if (!known) return at(place, "the part type " + quoted(type) + " is not supported");
  }
  return {};
}

void add_user(JsonView content, ResponseInput& input) {
  Line line{.speaker = "User", .text = text_of_content(content), .answerable = true, .content = content};
  for (JsonView part = content.is_array() ? content.first() : JsonView(); part; part = part.next()) {
    if (is_named_by_url(part)) ++input.url_parts;
    if (is_image(part)) line.placeholder = "User sent image(s) with no text.";
    if (is_file(part)) line.placeholder = "User sent file(s) with no text.";
  }
  if (!line.text.empty() || !line.placeholder.empty()) input.conversation.add(std::move(line));
}

Result<void> add_message(JsonView item, const std::string& path, ResponseInput& input) {
  const JsonView content = item["content"];
  TRY(check_parts(content, path + ".content"));
  const std::string_view role = item["role"].text();
  if (role == "user") {
    add_user(content, input);
  } else if (role == "assistant") {
    if (std::string text = text_of_content(content); !text.empty())
      input.conversation.add({.speaker = "Assistant", .text = std::move(text)});
  } else if (role == "system" || role == "developer") {
    input.conversation.add_system(text_of_content(content));
  } else {
    return at(path + ".role", "must be user, assistant, system or developer");
  }
  return {};
}

Result<void> add_call(JsonView item, const std::string& path, ResponseInput& input) {
  if (item["name"].text().empty()) return at(path + ".name", "is required");
  if (!item["arguments"].is_string()) return at(path + ".arguments", "must be a string");
  const std::string_view call_id = item["call_id"].text(item["id"].text());
  input.conversation.add(
      {.speaker = "Assistant", .text = call_line(call_id, item["name"].text(), item["arguments"].text())});
  return {};
}

Result<void> add_output(JsonView item, const std::string& path, ResponseInput& input) {
  const std::string_view call_id = item["call_id"].text();
  if (call_id.empty()) return at(path + ".call_id", "is required");
  const JsonView output = item["output"];
  if (!output.is_string() && !output.is_array()) return at(path + ".output", "must be a string or an array of parts");
  TRY(check_parts(output, path + ".output"));
  input.conversation.add(
      {.speaker = "Tool:" + std::string(call_id), .text = text_of_content(output), .answerable = true});
  return {};
}

Result<void> add_item(JsonView item, const std::string& path, ResponseInput& input) {
  if (!item.is_object()) return at(path, "an item must be an object");
  const bool is_easy = is_absent(item["type"]) && item["role"];
  const std::string_view type = is_easy ? "message" : item["type"].text();
  if (type == "message") return add_message(item, path, input);
  if (type == "function_call") return add_call(item, path, input);
  if (type == "function_call_output") return add_output(item, path, input);
  if (type == "reasoning" || type == "item_reference") return {};  // Nothing that is said.
  return at(path, "the item type " + quoted(type) + " is not supported");
}

Result<Media> media_of_source(JsonView source) {
  const std::string_view type = source["type"].text();
  if (type == "url") return media_of_url(source["url"].text());
  if (type != "base64") return invalid("source.type must be url or base64");
  TRY_ASSIGN(Media media, media_of_base64(source["media_type"].text(), source["data"].text()));
  media.name = source["filename"].text();
  return media;
}

// What stands in `file_data` is a data URL, or the base64 alone.
Result<Media> media_of_file_data(std::string_view data) {
  return same_but_for_case(data.substr(0, 5), "data:") ? media_of_url(data) : media_of_base64({}, data);
}

Result<Media> media_of_part(JsonView part) {
  if (part["source"].is_object()) return media_of_source(part["source"]);
  if (!is_absent(part["file_id"])) return invalid("files are not kept here: send the data instead of a file_id");
  if (is_file(part) && part["file_data"].is_string()) return media_of_file_data(part["file_data"].text());
  if (url_of(part).is_string()) return media_of_url(url_of(part).text());
  return invalid(is_file(part) ? "file_data, file_url or source is required" : "image_url or source is required");
}

}  // namespace

Result<ResponseInput> read_response_input(JsonView input) {
  ResponseInput read;
  if (input.is_string()) {
    if (std::string text = trimmed(input.text()); !text.empty())
      read.conversation.add({.speaker = "User", .text = std::move(text), .answerable = true});
    return read;
  }
  if (!input.is_array()) return invalid("`input` must be a string or an array of items.");
  if (input.size() > limits::input_items_max)
    return invalid("`input` holds more than " + std::to_string(limits::input_items_max) + " items.");
  std::size_t number = 0;
  for (JsonView item = input.first(); item; item = item.next())
    TRY(add_item(item, "input." + std::to_string(number++), read));
  return read;
}

Result<Attachments> read_attachments(JsonView content) {
  Attachments attachments;
  for (JsonView part = content.is_array() ? content.first() : JsonView(); part; part = part.next()) {
    if (!is_image(part) && !is_file(part)) continue;
    auto media = media_of_part(part);
    if (!media.ok()) return invalid(std::string(part["type"].text()) + ": " + media.error().message);
    if (const std::string_view name = part["filename"].text(); !name.empty()) media.value().name = name;
    (is_image(part) ? attachments.images : attachments.files).push_back(std::move(media).value());
  }
  if (attachments.images.size() > limits::input_images_max)
    return invalid("there are more than " + std::to_string(limits::input_images_max) + " images");
  if (attachments.files.size() > limits::input_files_max)
    return invalid("there are more than " + std::to_string(limits::input_files_max) + " files");
  return attachments;
}

}  // namespace omenia::openai
