// The options of `arpasweep scan` as they were typed: nothing is checked yet. SPEC section 1.
#ifndef SCANNER_CLI_SCAN_OPTIONS_H_
#define SCANNER_CLI_SCAN_OPTIONS_H_

#include <optional>
#include <string>
#include <vector>

namespace scanner {

struct ScanOptions {
  using Text = std::optional<std::string>;
  using Texts = std::vector<std::string>;

  Texts targets;  // `-`: standard input.
  Texts targets_files;
  Texts exclusions;
  Texts exclude_files;
  bool only_ipv4 = false;
  bool only_ipv6 = false;
  bool include_reserved = false;
  Text max_targets;
  Text max_runtime;

  Text mode;
  Texts resolvers;
  Texts resolvers_files;
  Text root_hints;
  Text dns_port;
  Text rate;
  Text server_rate;
  Text burst;
  Text window;
  Text timeout;
  Text retries;
  bool no_recurse = false;
  bool no_forward = false;
  bool own_servers = false;  // --i-own-these-servers
  Text contact;

  bool mix_case = false;  // --0x20
  bool no_cookies = false;
  Text edns_size;
  Texts sources;
  Text io;

  Text order;
  Text seed;
  Text shard;
  Text threads;

  Text output;
  Text format;
  bool overwrite = false;
  bool resume = false;
  bool no_bloom = false;
  Text row_group_rows;
  Text fields;
  Text only;
  Text metadata_file;
  Text status_file;
  Text max_temperror;
  Text progress;
  bool dry_run = false;
  bool quiet = false;
  bool verbose = false;
};

}  // namespace scanner

#endif  // SCANNER_CLI_SCAN_OPTIONS_H_
