#include "tests/support/prometheus.h"

#include <cmath>
#include <cstdlib>
#include <regex>
#include <set>

namespace omenia::test {

namespace {

const std::regex name_form("[a-zA-Z_:][a-zA-Z0-9_:]*");
const std::regex label_form("[a-zA-Z_][a-zA-Z0-9_]*");
const std::regex number_form(R"([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?Inf|NaN)");

// "what is wrong", or empty.
using Problem = std::string;

class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {}
  bool take(std::string_view what) {
    if (!rest_.starts_with(what)) return false;
    rest_.remove_prefix(what.size());
    return true;
  }
  std::string take_until(std::string_view ends) {
    const std::size_t end = std::min(rest_.find_first_of(ends), rest_.size());
    std::string taken(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return taken;
  }
  // A text with the escapes \\, \" and \n, up to the closing quote.
  Problem take_quoted(std::string& into) {
    if (!take("\"")) return "a label's value is not quoted";
    for (;;) {
      into += take_until("\\\"");
      if (take("\"")) return {};
      if (take("\\\\")) {
        into += '\\';
      } else if (take("\\\"")) {
        into += '"';
      } else if (take("\\n")) {
        into += '\n';
      } else {
        return "a label's value has an unknown escape or no end";
      }
    }
  }
  const std::string_view& rest() const { return rest_; }

 private:
  std::string_view rest_;
};

Problem read_labels(Line& line, Sample& sample) {
  if (!line.take("{")) return {};
  do {
    const std::string name = line.take_until("=");
    if (!std::regex_match(name, label_form) || name.starts_with("__")) return "a label cannot be called " + name;
    if (!line.take("=")) return "a label has no value";
    std::string value;
    if (Problem problem = line.take_quoted(value); !problem.empty()) return problem;
    if (!sample.labels.emplace(name, value).second) return "label " + name + " stands twice";
  } while (line.take(","));
  return line.take("}") ? "" : "the labels have no end";
}

Problem read_sample(std::string_view text, Sample& sample) {
  Line line(text);
  sample.name = line.take_until("{ ");
  if (!std::regex_match(sample.name, name_form)) return "a sample cannot be called " + sample.name;
  if (Problem problem = read_labels(line, sample); !problem.empty()) return problem;
  if (!line.take(" ")) return "a blank is missing before the value";
  const std::string value(line.rest());
  if (!std::regex_match(value, number_form)) return value + " is no number";
  sample.value = std::strtod(value.c_str(), nullptr);
  return {};
}

bool is_sample_of(const Family& family, const std::string& name) {
  if (family.type != "histogram") return name == family.name;
  return name == family.name + "_bucket" || name == family.name + "_sum" || name == family.name + "_count";
}

// The buckets of each series go up to +Inf, which counts all, and never down.
void check_histogram(const Family& family, std::vector<std::string>& problems) {
  using Series = std::map<std::string, std::string>;
  std::map<Series, std::vector<std::pair<double, double>>> buckets;
  for (const Sample& sample : family.samples) {
    Series series = sample.labels;
    series.erase("le");
    if (sample.name != family.name + "_bucket") {
      if (sample.labels.count("le") != 0) problems.push_back(sample.name + " has a label le");
      continue;
    }
    if (sample.labels.count("le") == 0) problems.push_back(sample.name + " has no label le");
    buckets[series].emplace_back(std::strtod(sample.labels.at("le").c_str(), nullptr), sample.value);
  }
  for (const auto& [series, list] : buckets) {
    for (std::size_t i = 1; i < list.size(); ++i)
      if (list[i].first <= list[i - 1].first || list[i].second < list[i - 1].second)
        problems.push_back(family.name + ": buckets out of order");
    if (!std::isinf(list.back().first)) problems.push_back(family.name + ": no bucket +Inf");
    if (family.value_of(family.name + "_count", series) != list.back().second)
      problems.push_back(family.name + ": the count is not that of +Inf");
    if (family.value_of(family.name + "_sum", series) < 0) problems.push_back(family.name + ": no sum");
  }
}

void check_family(const Family& family, std::vector<std::string>& problems) {
  std::set<std::pair<std::string, std::map<std::string, std::string>>> seen;
  if (family.help.empty()) problems.push_back(family.name + " has no help");
  if (family.samples.empty()) problems.push_back(family.name + " has no sample");
  if ((family.type == "counter") != family.name.ends_with("_total"))
    problems.push_back(family.name + ": counters, and only they, end in _total");
  for (const Sample& sample : family.samples) {
    if (!seen.emplace(sample.name, sample.labels).second) problems.push_back(sample.name + " stands twice");
    if (!is_sample_of(family, sample.name)) problems.push_back(sample.name + " stands in " + family.name);
    if (family.type != "gauge" && sample.value < 0) problems.push_back(sample.name + " is negative");
  }
  if (family.type == "histogram") check_histogram(family, problems);
}

class Reader {
 public:
  void take(std::string_view line) {
    ++number_;
    if (line.starts_with("# HELP ")) return take_help(std::string(line.substr(7)));
    if (line.starts_with("# TYPE ")) return take_type(std::string(line.substr(7)));
    Sample sample;
    if (Problem problem = read_sample(line, sample); !problem.empty()) return complain(problem);
    if (scrape_.families.empty() || scrape_.families.back().type.empty()) return complain("a sample of no family");
    scrape_.families.back().samples.push_back(std::move(sample));
  }
  void complain(const std::string& problem) {
    scrape_.problems.push_back("line " + std::to_string(number_) + ": " + problem);
  }
  Scrape finish() {
    for (const Family& family : scrape_.families) check_family(family, scrape_.problems);
    return std::move(scrape_);
  }

 private:
  void take_help(const std::string& rest) {
    Family family;
    family.name = rest.substr(0, rest.find(' '));
    family.help = rest.substr(std::min(rest.size(), family.name.size() + 1));
    if (!std::regex_match(family.name, name_form)) complain("a family cannot be called " + family.name);
    if (!names_.insert(family.name).second) complain(family.name + " stands twice");
    scrape_.families.push_back(std::move(family));
  }
  void take_type(const std::string& rest) {
    const std::size_t blank = rest.find(' ');
    if (scrape_.families.empty() || scrape_.families.back().name != rest.substr(0, blank))
      return complain("a type without its help");
    Family& family = scrape_.families.back();
    if (!family.type.empty()) complain("two types of " + family.name);
    family.type = blank == std::string::npos ? "" : rest.substr(blank + 1);
    if (family.type != "counter" && family.type != "gauge" && family.type != "histogram")
      complain("unknown type " + family.type);
  }

  Scrape scrape_;
  std::set<std::string> names_;
  int number_ = 0;
};

}  // namespace

double Family::value_of(const std::string& sample, const std::map<std::string, std::string>& labels) const {
  for (const Sample& each : samples)
    if (each.name == sample && each.labels == labels) return each.value;
  return -1;
}

double Family::sum() const {
  double sum = 0;
  for (const Sample& sample : samples)
    if (sample.name == (type == "histogram" ? name + "_count" : name)) sum += sample.value;
  return sum;
}

const Family& Scrape::family(std::string_view name) const {
  static const Family none;
  for (const Family& each : families)
    if (each.name == name) return each;
  return none;
}

Scrape read_prometheus(std::string_view text) {
  Reader reader;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    reader.take(text.substr(0, end));
    if (end == std::string_view::npos) {
      reader.complain("the last line has no end");
      break;
    }
    text.remove_prefix(end + 1);
  }
  return reader.finish();
}

}  // namespace omenia::test
