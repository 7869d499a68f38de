// Numbers for people.
#ifndef SCANNER_CLI_HUMAN_TEXT_H_
#define SCANNER_CLI_HUMAN_TEXT_H_

#include <cstdint>
#include <string>

#include "netio/instant.h"

namespace scanner {

// `65,536`.
std::string Grouped(uint64_t number);
// `12.3%`; `-` of nothing. Never rounded to 0% or 100% when it is neither.
std::string Percent(uint64_t part, uint64_t whole);
// `0.4 s`, `59.9 s`, `12:34`, `1:02:03`.
std::string Elapsed(netio::Duration time);

}  // namespace scanner

#endif  // SCANNER_CLI_HUMAN_TEXT_H_
