// The text of /metrics, held against a strict reader, which is first shown to be one.
#include "tests/support/prometheus.h"
#include "tests/unit/worker/worker_fixture.h"
#include "worker/metrics_rows.h"
#include "worker/metrics_text.h"

namespace omenia::worker {
namespace {

using test::read_prometheus;
using test::Scrape;
using testing::IsEmpty;

TEST(TheReader, FindsWhatIsWrong) {
  const std::string head = "# HELP a_total Help.\n# TYPE a_total counter\n";
  for (const std::string& text :
       {std::string("a_total 1\n"),
        head,
        head + "a_total 1",
        head + "a_total  1\n",
        head + "a_total one\n",
        head + "a_total{x=1} 1\n",
        head + "a_total{x=\"1\" 1\n",
        head + "a_total{x=\"\\t\"} 1\n",
        head + "a_total{x=\"1\",x=\"2\"} 1\n",
        head + "a_total{} 1\n",
        head + "a_total 1\na_total 2\n",
        head + "a_total -1\n",
        head + "b_total 1\n",
        head + head + "a_total 1\n",
        head + "\na_total 1\n",
        std::string("# TYPE a_total counter\na_total 1\n"),
        std::string("# HELP a Help.\n# TYPE a counter\na 1\n"),
        std::string("# HELP h Help.\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_sum 1\nh_count 2\n"),
        std::string(
            "# HELP h Help.\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n"),
        std::string("# HELP h Help.\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 2\n")})
    EXPECT_FALSE(read_prometheus(text).problems.empty()) << text;
  EXPECT_THAT(read_prometheus(head + "a_total{x=\"\\\\ \\\" \\n\"} 1e3\n").problems, IsEmpty());
}

TEST(Figures, EscapeWhatLabelsHold) {
  MetricsText text;
  text.begin("a_total", "counter", "Two\nlines and a \\.");
  text.sample(std::uint64_t{7}, {{"x", "a\"b\\c\nd,}= "}, {"y", ""}});
  const Scrape scrape = read_prometheus(text.take());
  EXPECT_THAT(scrape.problems, IsEmpty());
  EXPECT_EQ(scrape.family("a_total").value({{"x", "a\"b\\c\nd,}= "}, {"y", ""}}), 7);
  EXPECT_EQ(scrape.family("a_total").help, "Two\\nlines and a \\\\.");
}

TEST(Figures, OfAFamilyWithoutSamplesAreLeftOut) {
  MetricsText text;
  text.begin("a_total", "counter", "Help.");
  text.begin("b_total", "counter", "Help.");
  text.sample(std::uint64_t{0});
  EXPECT_EQ(text.take(), "# HELP b_total Help.\n# TYPE b_total counter\nb_total 0\n");
}

TEST(Figures, OfDurationsStandInTheirBuckets) {
  Histogram histogram;
  for (const std::int64_t us : {-5L, 0L, 500L, 501L, 1'000'000L, 300'000'000L, 300'000'001L, 4'000'000'000L})
    histogram.observe(us);
  MetricsText text;
  text.begin("h_seconds", "histogram", "Help.");
  text.sample(histogram, {{"of", "x"}});
  const Scrape scrape = read_prometheus(text.take());
  EXPECT_THAT(scrape.problems, IsEmpty());
  const test::Family& family = scrape.family("h_seconds");
  const auto bucket = [&family](const char* bound) {
    return family.value_of("h_seconds_bucket", {{"of", "x"}, {"le", bound}});
  };
  EXPECT_EQ(bucket("0.0005"), 3) << "a bound is in its bucket";
  EXPECT_EQ(bucket("0.001"), 4);
  EXPECT_EQ(bucket("0.5"), 4);
  EXPECT_EQ(bucket("1"), 5);
  EXPECT_EQ(bucket("300"), 6);
  EXPECT_EQ(bucket("+Inf"), 8);
  EXPECT_EQ(family.value_of("h_seconds_count", {{"of", "x"}}), 8);
  EXPECT_DOUBLE_EQ(family.value_of("h_seconds_sum", {{"of", "x"}}), 4601.001002);
}

class AllFigures : public test::WorkerTest {
 protected:
  Scrape scrape() const { return read_prometheus(metrics_text(*context)); }
};

TEST_F(AllFigures, AreWellFormedBeforeAnythingHasHappened) {
  start();
  EXPECT_THAT(scrape().problems, IsEmpty());
}

TEST_F(AllFigures, HaveNamesOfOursAndAWordOnEach) {
  for (const MetricRow& row : metric_rows()) {
    EXPECT_TRUE(row.name.starts_with("omeniaclaw_")) << row.name;
    EXPECT_TRUE(row.doc.ends_with(".")) << row.name;
  }
}

// Whatever clients do, no series is added that the tables do not foresee.
TEST_F(AllFigures, AreBoundedByTheTables) {
  start();
  for (int tag = -5; tag < 1000; ++tag)
    for (const int status : {-1, 0, 99, 100, 200, 302, 404, 499, 599, 700})
      context->metrics.count_request(static_cast<std::size_t>(tag), status, status * 1000);
  for (std::size_t i = 0; i < context->metrics.methods.size(); ++i)
    for (const bool ok : {true, false}) context->metrics.count_call(i, ok, 12);
  const Scrape full = scrape();
  EXPECT_THAT(full.problems, IsEmpty());
  std::size_t samples = 0;
  for (const test::Family& family : full.families) samples += family.samples.size();
  EXPECT_LT(samples, 6'000u);
}

// A run that another worker has is counted there.
TEST_F(AllFigures, CountRunsOnceByHowTheyEnded) {
  start();
  agents::Run run;
  agents::RunOutcome outcome;
  outcome.status = agents::RunStatus::timed_out;
  outcome.started_ms = 1'000;
  outcome.ended_ms = 3'500;
  outcome.usage = {.input = 11, .output = 22, .cache_read = 33, .cache_write = -4};
  context->metrics.ended(run, outcome);
  run.elsewhere = 3;
  context->metrics.ended(run, outcome);
  const Scrape scrape = this->scrape();
  EXPECT_EQ(scrape.family("omeniaclaw_runs_total").value({{"status", "timed_out"}}), 1);
  EXPECT_EQ(scrape.family("omeniaclaw_runs_total").sum(), 1);
  EXPECT_EQ(scrape.family("omeniaclaw_run_duration_seconds").value_of("omeniaclaw_run_duration_seconds_sum"), 2.5);
  const test::Family& tokens = scrape.family("omeniaclaw_tokens_total");
  EXPECT_EQ(tokens.value({{"kind", "input"}}), 11);
  EXPECT_EQ(tokens.value({{"kind", "output"}}), 22);
  EXPECT_EQ(tokens.value({{"kind", "cache_read"}}), 33);
  EXPECT_EQ(tokens.value({{"kind", "cache_write"}}), 0);
}

}  // namespace
}  // namespace omenia::worker
