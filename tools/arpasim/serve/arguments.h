// Values on the command line.
#ifndef TOOLS_ARPASIM_SERVE_ARGUMENTS_H_
#define TOOLS_ARPASIM_SERVE_ARGUMENTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/arpasim/core/truth.h"
#include "tools/arpasim/core/truth_csv.h"
#include "tools/arpasim/serve/server.h"

namespace arpasim {

// As typed; options that the subcommand does not have keep their defaults.
struct Arguments {
  bool truth = false;  // Else serve.
  // Both.
  uint64_t seed = 0;
  std::string mix = "internet";
  std::string edns = "yes";
  bool not_authoritative = false;
  uint16_t max_udp = 1232;
  // serve
  std::vector<std::string> listen = {"127.0.0.1:0"};
  unsigned threads = 1;
  std::string loss = "0%", corrupt = "0%", duplicate = "0%", wrong_id = "0%", wrong_question = "0%",
              spoof = "0%";
  double delay_ms = 0, jitter_ms = 0;
  uint64_t limit = 0, limit_burst = 16, later_limit = 0;
  double later_s = 0;
  std::string limit_mode = "drop";
  std::string cookies = "on";
  bool no_recursion = false;
  bool plain = false;
  bool measure_rate = false;
  // truth
  std::vector<std::string> prefixes;
  std::string fields;
  uint16_t edns_size = 1232;
};

// 0: `out` holds them. Else the exit status, 0 after --help as -1; what was to be said is said.
int ParseArguments(int argc, char** argv, Arguments& out);

// Each false when a value means nothing; `error` then is one line that names it.
bool ToServeOptions(const Arguments& arguments, ServeOptions& out, std::string& error);

struct TruthCommand {
  std::vector<Prefix> prefixes;
  Mix mix;
  TruthOptions options;
  Fields fields;
};
bool ToTruthCommand(const Arguments& arguments, TruthCommand& out, std::string& error);

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_SERVE_ARGUMENTS_H_
