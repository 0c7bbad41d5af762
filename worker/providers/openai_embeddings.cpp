#include "worker/providers/openai_embeddings.h"

#include <cmath>

#include "shared/base/limits.h"
#include "worker/providers/failure.h"

namespace omenia::providers {

namespace {

constexpr std::size_t quoted_chars_max = 80;

Error broken(std::string message) {
  return fail(ErrorCode::provider_broken, std::move(message));
}

Result<Vector> vector_of(JsonView numbers) {
  if (!numbers.is_array() || !numbers.first()) return broken("sent an embedding that is no list of numbers");
  Vector vector;
  for (JsonView number = numbers.first(); number; number = number.next()) {
    const auto value = static_cast<float>(number.number(std::nan("")));
    if (!std::isfinite(value)) return broken("sent an embedding with something else than numbers in it");
    if (vector.size() == static_cast<std::size_t>(limits::embedding_dimensions_max))
      return broken("sent an embedding of more than " + std::to_string(limits::embedding_dimensions_max) +
                    " dimensions");
    vector.push_back(value);
  }
  return vector;
}

}  // namespace

Result<std::vector<Vector>> read_embeddings(std::string_view body, std::size_t inputs) {
  const auto parsed = Json::parse(body);
  if (!parsed.ok()) return broken("sent no embeddings but: " + one_line(body, quoted_chars_max));
  if (is_failure(parsed.value())) return failure_in_stream(parsed.value());
  const JsonView data = parsed.value()["data"];
  if (!data.is_array()) return broken("sent no embeddings but: " + one_line(body, quoted_chars_max));

  std::vector<Vector> vectors(inputs);
  std::int64_t position = 0;
  for (JsonView item = data.first(); item; item = item.next(), ++position) {
    const std::int64_t index = item["index"].integer(position);
    if (index < 0 || index >= static_cast<std::int64_t>(inputs))
      return broken("sent an embedding for input " + std::to_string(index) + ", which was not asked for");
    Vector& place = vectors[static_cast<std::size_t>(index)];
    if (!place.empty()) return broken("sent two embeddings for input " + std::to_string(index));
    TRY_ASSIGN(place, vector_of(item["embedding"]));
  }
  for (std::size_t i = 0; i < inputs; ++i) {
    if (vectors[i].empty()) return broken("sent no embedding for input " + std::to_string(i));
    if (vectors[i].size() != vectors.front().size()) return broken("sent embeddings of different lengths");
  }
  return vectors;
}

}  // namespace omenia::providers
