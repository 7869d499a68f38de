// Exit statuses, SPEC section 1.
#ifndef SCANNER_CLI_EXIT_CODE_H_
#define SCANNER_CLI_EXIT_CODE_H_

namespace scanner {

enum class ExitCode : int {
  kComplete = 0,
  kCannotGoOn = 1,
  kBadUsage = 2,        // Or bad input; before any packet is sent.
  kManyTemperrors = 3,  // Complete.
  kInterrupted = 130,
};

}  // namespace scanner

#endif  // SCANNER_CLI_EXIT_CODE_H_
