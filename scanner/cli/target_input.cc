#include "scanner/cli/target_input.h"

#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include "scanner/cli/input_file.h"
#include "scanner/core/target_reader.h"

namespace scanner {
namespace {

// Says which option a message is about.
absl::Status For(std::string_view option, const absl::Status& status) {
  std::string message(option);
  message.append(status.message().data(), status.message().size());
  return absl::InvalidArgumentError(message);
}

absl::Status AddTargets(const ScanOptions& options, std::istream& standard_input, TargetSetBuilder& builder) {
  bool read_input = false;
  for (const std::string& target : options.targets) {
    if (target == "-") {
      if (std::exchange(read_input, true)) continue;
      const absl::Status status = ReadTargets(standard_input, "standard input", builder);
      if (!status.ok()) return status;
    } else if (const absl::Status status = builder.AddTarget(target); !status.ok()) {
      return For("target ", status);
    }
  }
  for (const std::string& path : options.targets_files) {
    std::ifstream in;
    if (absl::Status status = OpenInput("--targets-file", path, in); !status.ok()) return status;
    if (absl::Status status = ReadTargets(in, path, builder); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status AddExclusions(const ScanOptions& options, TargetSetBuilder& builder) {
  for (const std::string& exclusion : options.exclusions) {
    if (const absl::Status status = builder.AddExclusion(exclusion); !status.ok())
      return For("--exclude: ", status);
  }
  for (const std::string& path : options.exclude_files) {
    std::ifstream in;
    if (absl::Status status = OpenInput("--exclude-file", path, in); !status.ok()) return status;
    if (absl::Status status = ReadExclusions(in, path, builder); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Why a set is empty, and what to do.
std::string WhyEmpty(const ScanOptions& options, bool refuse_private, const TargetSet& set) {
  if (set.reserved() != 0 && refuse_private) {
    return "every target is excluded or in reserved or private space; --include-reserved sweeps what is "
           "reserved, and --root-hints with root servers of your own what is private";
  }
  if (set.reserved() != 0 && set.excluded() == 0) {
    return "every target is in reserved space; --include-reserved sweeps it all the same";
  }
  if (set.reserved() != 0) {
    return "every target is excluded or in reserved space; check --exclude and --exclude-file, or add "
           "--include-reserved";
  }
  if (set.excluded() != 0) return "every target is excluded; check --exclude and --exclude-file";
  if (options.only_ipv4) return "no target is IPv4; leave out -4 or give IPv4 targets";
  if (options.only_ipv6) return "no target is IPv6; leave out -6 or give IPv6 targets";
  return "the input names no target; write a prefix, a FIRST-LAST range or an address on each line";
}

}  // namespace

absl::StatusOr<TargetSet> CollectTargets(const ScanOptions& options, bool refuse_private,
                                         std::istream& standard_input) {
  TargetOptions target_options{
      .only = std::nullopt, .include_reserved = options.include_reserved, .refuse_private = refuse_private};
  if (options.only_ipv4) target_options.only = Family::kIpv4;
  if (options.only_ipv6) target_options.only = Family::kIpv6;
  TargetSetBuilder builder(target_options);
  if (absl::Status status = AddTargets(options, standard_input, builder); !status.ok()) return status;
  if (absl::Status status = AddExclusions(options, builder); !status.ok()) return status;
  TargetSet set = std::move(builder).Build();
  if (set.targets() == 0) return absl::InvalidArgumentError(WhyEmpty(options, refuse_private, set));
  return set;
}

}  // namespace scanner
