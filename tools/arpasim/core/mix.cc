#include "tools/arpasim/core/mix.h"

#include <algorithm>
#include <charconv>

#include "tools/arpasim/core/cases.h"

namespace arpasim {
namespace {

constexpr uint32_t kMaxWeight = 1'000'000;

std::optional<Mix> Preset(std::string_view word) {
  if (word == "internet") return Mix::Internet();
  if (word == "clean") return Mix::Clean();
  if (word == "all") return Mix::All();
  return std::nullopt;
}

bool ApplyWeight(std::string_view item, Mix& mix, std::string& error) {
  const size_t equals = item.find('=');
  if (equals == std::string_view::npos) {
    error = "mix: '" + std::string(item) + "' is neither internet, clean, all nor CASE=WEIGHT";
    return false;
  }
  const size_t index = FindCase(item.substr(0, equals));
  if (index == Cases().size()) {
    error = "mix: there is no case '" + std::string(item.substr(0, equals)) + "'";
    return false;
  }
  const std::string_view digits = item.substr(equals + 1);
  uint32_t weight = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), weight);
  if (fault != std::errc() || end != digits.data() + digits.size() || weight > kMaxWeight) {
    error = "mix: the weight in '" + std::string(item) + "' is not a number from 0 to 1000000";
    return false;
  }
  mix.weights[index] = weight;
  return true;
}

}  // namespace

Mix Mix::Internet() {
  Mix mix;
  for (const CaseSpec& spec : Cases()) mix.weights.push_back(spec.weight);
  return mix;
}

Mix Mix::Clean() {
  Mix mix{.weights = std::vector<uint32_t>(Cases().size(), 0)};
  mix.weights[FindCase("pass")] = 70;
  mix.weights[FindCase("nxdomain")] = 25;
  mix.weights[FindCase("nodata")] = 5;
  return mix;
}

Mix Mix::All() { return {.weights = std::vector<uint32_t>(Cases().size(), 10)}; }

std::optional<Mix> ParseMix(std::string_view text, std::string& error) {
  Mix mix{.weights = std::vector<uint32_t>(Cases().size(), 0)};
  for (bool first = true; first || !text.empty(); first = false) {
    const size_t comma = std::min(text.find(','), text.size());
    const std::string_view item = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (std::optional<Mix> preset = first ? Preset(item) : std::nullopt; preset) {
      mix = *std::move(preset);
    } else if (!ApplyWeight(item, mix, error)) {
      return std::nullopt;
    }
  }
  if (std::all_of(mix.weights.begin(), mix.weights.end(), [](uint32_t weight) { return weight == 0; })) {
    error = "mix: every weight is 0";
    return std::nullopt;
  }
  return mix;
}

}  // namespace arpasim
