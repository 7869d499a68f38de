// The options of `arpasweep convert` as they were typed: nothing is checked yet. SPEC section 1.
#ifndef SCANNER_CLI_CONVERT_OPTIONS_H_
#define SCANNER_CLI_CONVERT_OPTIONS_H_

#include <optional>
#include <string>
#include <vector>

namespace scanner {

struct ConvertOptions {
  using Text = std::optional<std::string>;

  std::vector<std::string> inputs;  // `-`: standard input.
  Text output;
  Text format;
  bool overwrite = false;
  Text fields;
  Text only;
  Text row_group_rows;
  bool no_bloom = false;
  bool quiet = false;
};

}  // namespace scanner

#endif  // SCANNER_CLI_CONVERT_OPTIONS_H_
