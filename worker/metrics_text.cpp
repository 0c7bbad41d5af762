#include "worker/metrics_text.h"

#include <charconv>

namespace omenia::worker {

namespace {

std::string text_of(std::uint64_t number) {
  return std::to_string(number);
}

// The shortest that is read as the same number, without an exponent.
std::string text_of(double number) {
  char digits[400];
  return {digits, std::to_chars(digits, digits + sizeof digits, number, std::chars_format::fixed).ptr};
}

std::string seconds(std::uint64_t us) {
  return text_of(static_cast<double>(us) / 1e6);
}

void append_escaped(std::string& text, std::string_view value, bool is_quoted) {
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
    } else if (c == '\\' || (c == '"' && is_quoted)) {
      text += '\\';
      text += c;
    } else {
      text += c;
    }
  }
}

}  // namespace

void MetricsText::begin(std::string_view name, std::string_view type, std::string_view doc) {
  name_ = name;
  type_ = type;
  doc_ = doc;
  head_written_ = false;
}

void MetricsText::sample(std::uint64_t value, Labels labels) {
  line("", labels, "", text_of(value));
}

void MetricsText::sample(double value, Labels labels) {
  line("", labels, "", text_of(value));
}

void MetricsText::sample(const Histogram& histogram, Labels labels) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < Histogram::bounds_us.size(); ++i) {
    count += histogram.count_in(i);
    line("_bucket", labels, seconds(static_cast<std::uint64_t>(Histogram::bounds_us[i])), text_of(count));
  }
  count += histogram.count_above();
  line("_bucket", labels, "+Inf", text_of(count));
  line("_sum", labels, "", seconds(histogram.sum_us()));
  line("_count", labels, "", text_of(count));
}

// `bound` is the label le of a bucket; empty: it is none.
void MetricsText::line(std::string_view suffix, Labels labels, std::string_view bound, std::string_view value) {
  write_head();
  text_.append(name_).append(suffix);
  char before = '{';
  const auto add = [&](std::string_view name, std::string_view text) {
    text_ += before;
    text_.append(name).append("=\"");
    append_escaped(text_, text, true);
    text_ += '"';
    before = ',';
  };
  for (const Label& label : labels) add(label.name, label.value);
  if (!bound.empty()) add("le", bound);
  if (before == ',') text_ += '}';
  text_ += ' ';
  text_.append(value) += '\n';
}

void MetricsText::write_head() {
  if (std::exchange(head_written_, true)) return;
  text_.append("# HELP ").append(name_) += ' ';
  append_escaped(text_, doc_, false);
  text_.append("\n# TYPE ").append(name_).append(" ").append(type_) += '\n';
}

}  // namespace omenia::worker
