// One line on standard error that says what is wrong.
#ifndef SCANNER_CLI_COMPLAINT_H_
#define SCANNER_CLI_COMPLAINT_H_

#include <cstdio>
#include <string>

#include "absl/status/status.h"

namespace scanner {

inline void Complain(const std::string& what) { std::fprintf(stderr, "arpasweep: %s\n", what.c_str()); }
inline void Complain(const absl::Status& status) { Complain(std::string(status.message())); }

}  // namespace scanner

#endif  // SCANNER_CLI_COMPLAINT_H_
