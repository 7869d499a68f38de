#include "tools/arpasim/serve/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <utility>

namespace arpasim {
namespace {

constexpr std::pair<std::string_view, EdnsManner> kEdnsWords[] = {
    {"yes", EdnsManner::kSupported},
    {"formerr", EdnsManner::kFormerr},
    {"formerr-empty", EdnsManner::kFormerrEmpty},
    {"notimp", EdnsManner::kNotimp},
    {"badvers", EdnsManner::kBadvers},
    {"ignore", EdnsManner::kIgnored},
};
constexpr std::pair<std::string_view, CookieManner> kCookieWords[] = {
    {"off", CookieManner::kOff}, {"on", CookieManner::kOn}, {"enforce", CookieManner::kEnforced}};
constexpr std::pair<std::string_view, LimitMode> kLimitWords[] = {{"drop", LimitMode::kDrop},
                                                                  {"queue", LimitMode::kQueue},
                                                                  {"slip", LimitMode::kSlip},
                                                                  {"refused", LimitMode::kRefused},
                                                                  {"servfail", LimitMode::kServfail}};

template <typename Value, size_t kCount>
bool FindWord(std::string_view option, std::string_view text,
              const std::pair<std::string_view, Value> (&words)[kCount], Value& out, std::string& error) {
  std::string choices;
  for (const auto& [word, value] : words) {
    if (word == text) {
      out = value;
      return true;
    }
    choices += (choices.empty() ? "" : ", ") + std::string(word);
  }
  error = std::string(option) + ": '" + std::string(text) + "' is none of " + choices;
  return false;
}

// `2%` or `0.5%`, from 0% to 100%.
bool ReadShare(std::string_view option, std::string_view text, double& out, std::string& error) {
  double percent = 0;
  if (text.ends_with('%')) {
    const std::string_view number = text.substr(0, text.size() - 1);
    const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), percent);
    if (fault == std::errc() && end == number.data() + number.size() && percent >= 0 && percent <= 100) {
      out = percent / 100;
      return true;
    }
  }
  error = std::string(option) + ": '" + std::string(text) + "' is not a share from 0% to 100%, such as 2%";
  return false;
}

bool ReadMix(const Arguments& arguments, Mix& out, std::string& error) {
  std::optional<Mix> mix = ParseMix(arguments.mix, error);
  if (!mix) return false;
  out = *std::move(mix);
  return true;
}

bool ReadServer(const Arguments& arguments, ServerOptions& out, std::string& error) {
  out.authoritative = !arguments.not_authoritative;
  out.recursion_available = !arguments.no_recursion;
  out.max_udp = arguments.max_udp;
  return FindWord("--edns", arguments.edns, kEdnsWords, out.edns, error) &&
         FindWord("--cookies", arguments.cookies, kCookieWords, out.cookies, error);
}

bool ReadFaults(const Arguments& arguments, FaultOptions& out, std::string& error) {
  out.delay_us = static_cast<uint32_t>(arguments.delay_ms * 1000);
  out.jitter_us = static_cast<uint32_t>(arguments.jitter_ms * 1000);
  return ReadShare("--loss", arguments.loss, out.loss, error) &&
         ReadShare("--corrupt", arguments.corrupt, out.corrupt, error) &&
         ReadShare("--dup", arguments.duplicate, out.duplicate, error) &&
         ReadShare("--wrong-id", arguments.wrong_id, out.wrong_id, error) &&
         ReadShare("--wrong-question", arguments.wrong_question, out.wrong_question, error) &&
         ReadShare("--spoof", arguments.spoof, out.spoof, error);
}

void AddShared(CLI::App& command, Arguments& out) {
  command.add_option("--seed", out.seed, "Which Internet")->capture_default_str();
  command.add_option("--mix", out.mix, "internet, clean, all, or case=weight,...")->capture_default_str();
  command.add_option("--edns", out.edns, "yes, formerr, formerr-empty, notimp, badvers or ignore")
      ->capture_default_str();
  command.add_flag("--no-aa", out.not_authoritative, "Answers do not have AA");
  command.add_option("--max-udp", out.max_udp, "Longest datagram in octets")
      ->check(CLI::Range(512, 4096))
      ->capture_default_str();
}

void AddServe(CLI::App& serve, Arguments& out) {
  AddShared(serve, out);
  serve.add_option("--listen", out.listen, "ADDR:PORT,...; port 0: one is chosen; 0.0.0.0: all addresses")
      ->delimiter(',')
      ->capture_default_str();
  serve.add_option("--threads", out.threads, "Threads")->check(CLI::Range(1, 64))->capture_default_str();
  serve.add_option("--loss", out.loss, "Share of queries and answers lost, such as 2%");
  serve.add_option("--corrupt", out.corrupt, "Share of answers with a wrong id or question, or cut");
  serve.add_option("--dup", out.duplicate, "Share of answers sent twice");
  serve.add_option("--wrong-id", out.wrong_id, "Share preceded by a forged answer with a wrong id");
  serve.add_option("--wrong-question", out.wrong_question, "The same with a wrong question");
  serve.add_option("--spoof", out.spoof, "The same from another port");
  serve.add_option("--delay", out.delay_ms, "Milliseconds before every answer")
      ->check(CLI::Range(0.0, 60'000.0));
  serve.add_option("--jitter", out.jitter_ms, "Milliseconds at most on top")
      ->check(CLI::Range(0.0, 60'000.0));
  serve.add_option("--limit", out.limit, "Queries per second, 0: no limit")
      ->check(CLI::Range(uint64_t{0}, uint64_t{1'000'000'000}));
  serve.add_option("--limit-burst", out.limit_burst, "Queries at once above the limit")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1'000'000}))
      ->capture_default_str();
  serve.add_option("--limit-mode", out.limit_mode, "drop, queue, slip, refused or servfail")
      ->capture_default_str();
  serve.add_option("--later-limit", out.later_limit, "The limit after --later seconds; needs --limit")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1'000'000'000}));
  serve.add_option("--later", out.later_s, "Seconds from the first query")->check(CLI::Range(0.0, 86'400.0));
  serve.add_option("--cookies", out.cookies, "off, on or enforce")->capture_default_str();
  serve.add_flag("--no-ra", out.no_recursion, "Answers do not have RA");
  serve.add_flag("--plain", out.plain, "One datagram a message: neither UDP_SEGMENT nor UDP_GRO");
  serve.add_flag("--measure-rate", out.measure_rate, "Report the most queries within one second");
}

void AddTruth(CLI::App& truth, Arguments& out) {
  AddShared(truth, out);
  truth.add_option("PREFIX", out.prefixes, "Prefixes or addresses")->required();
  truth.add_option("--fields", out.fields, "Only these columns, in this order");
  truth.add_option("--edns-size", out.edns_size, "That the sweep offers")->capture_default_str();
}

}  // namespace

int ParseArguments(int argc, char** argv, Arguments& out) {
  CLI::App app("arpasim: a synthetic Internet of PTRs", "arpasim");
  app.require_subcommand(1);
  CLI::App& serve = *app.add_subcommand("serve", "Answer queries until a signal ends it");
  CLI::App& truth = *app.add_subcommand("truth", "Print what a correct sweep must find, as CSV");
  AddServe(serve, out);
  AddTruth(truth, out);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    app.exit(help);
    return -1;
  } catch (const CLI::ParseError& error) {
    std::cerr << "arpasim: " << error.what() << "\n";
    return 2;
  }
  out.truth = truth.parsed();
  return 0;
}

bool ToServeOptions(const Arguments& arguments, ServeOptions& out, std::string& error) {
  out.listen.clear();
  for (const std::string& text : arguments.listen) {
    const std::optional<Endpoint> endpoint = ParseEndpoint(text);
    if (!endpoint) {
      error = "--listen: '" + text + "' is not ADDR:PORT (IPv6 as [::1]:5300)";
      return false;
    }
    out.listen.push_back(*endpoint);
  }
  out.threads = arguments.threads;
  out.plain = arguments.plain;
  out.measure_rate = arguments.measure_rate;
  ResponderOptions& responder = out.responder;
  responder.seed = arguments.seed;
  responder.limit.per_second = arguments.limit;
  responder.limit.burst = arguments.limit_burst;
  responder.limit.later_per_second = arguments.later_limit;
  responder.limit.later_ns = static_cast<int64_t>(arguments.later_s * 1e9);
  return ReadMix(arguments, responder.mix, error) && ReadServer(arguments, responder.server, error) &&
         ReadFaults(arguments, responder.faults, error) &&
         FindWord("--limit-mode", arguments.limit_mode, kLimitWords, responder.limit.mode, error);
}

bool ToTruthCommand(const Arguments& arguments, TruthCommand& out, std::string& error) {
  for (const std::string& text : arguments.prefixes) {
    const std::optional<Prefix> prefix = ParsePrefix(text);
    if (!prefix) {
      error = "'" + text + "' is not a prefix (its host bits must be 0)";
      return false;
    }
    out.prefixes.push_back(*prefix);
  }
  out.fields = AllFields();
  if (!arguments.fields.empty()) {
    std::string unknown;
    std::optional<Fields> fields = ParseFields(arguments.fields, unknown);
    if (!fields) {
      error = "--fields: there is no column '" + unknown + "'";
      return false;
    }
    out.fields = *std::move(fields);
  }
  out.options.edns_size = arguments.edns_size;
  return ReadMix(arguments, out.mix, error) && ReadServer(arguments, out.options.server, error);
}

}  // namespace arpasim
