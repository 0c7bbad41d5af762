// Writes and lays out; knows nothing about commands.

#include "cli/output.h"

#include <poll.h>

#include <algorithm>

#include "shared/base/utf8.h"

namespace omenia::cli {

namespace {

// Characters, which is columns for all that these tables hold.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

std::string repeated(std::string_view piece, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

std::string rule_of(const std::vector<std::size_t>& widths, std::string_view left, std::string_view middle,
                    std::string_view right) {
  std::string text(left);
  for (std::size_t column = 0; column < widths.size(); ++column) {
    if (column > 0) text += middle;
    text += repeated("─", widths[column] + 2);
  }
  return text + std::string(right) + "\n";
}

std::string cells_of(const Row& row, const std::vector<std::size_t>& widths) {
  std::string text;
  for (std::size_t column = 0; column < widths.size(); ++column)
    text += "│ " + row[column] + std::string(widths[column] - width_of(row[column]) + 1, ' ');
  return text + "│\n";
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return (first < 0x20 && first != '\n' && first != '\t') || first == 0x7F;
  return character.size() == 2 && first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

}  // namespace

void Output::line(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), results_);
  std::fputc('\n', results_);
}

void Output::text(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), results_);
  std::fflush(results_);
}

void Output::note(std::string_view text) {
  std::fflush(results_);
  std::fwrite(text.data(), 1, text.size(), notes_);
  std::fputc('\n', notes_);
}

bool Output::abandoned() const {
  pollfd results{.fd = ::fileno(results_), .events = 0, .revents = 0};
  return ::poll(&results, 1, 0) > 0 && (results.revents & (POLLERR | POLLHUP)) != 0;
}

std::string for_terminal(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const auto length = static_cast<std::size_t>(utf8_sequence_length(text));
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    if (length > 0 && !is_control(character)) clean += character;
    text.remove_prefix(character.size());
  }
  return clean;
}

std::string framed_table(const std::vector<Row>& rows) {
  if (rows.empty()) return "";
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows)
    for (std::size_t column = 0; column < widths.size(); ++column)
      widths[column] = std::max(widths[column], width_of(row[column]));
  std::string text = rule_of(widths, "┌", "┬", "┐") + cells_of(rows.front(), widths);
  text += rule_of(widths, "├", "┼", "┤");
  for (std::size_t i = 1; i < rows.size(); ++i) text += cells_of(rows[i], widths);
  text += rule_of(widths, "└", "┴", "┘");
  text.pop_back();
  return text;
}

std::string shortened(std::string_view path, std::string_view home) {
  if (home.size() > 1 && path.starts_with(home) && path.size() > home.size() && path[home.size()] == '/')
    return "~" + std::string(path.substr(home.size()));
  return std::string(path);
}

}  // namespace omenia::cli
