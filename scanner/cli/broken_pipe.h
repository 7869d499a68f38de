// Standard output that nobody reads any more.
#ifndef SCANNER_CLI_BROKEN_PIPE_H_
#define SCANNER_CLI_BROKEN_PIPE_H_

namespace scanner {

// Whether standard output is a pipe whose reader is gone.
bool ReaderIsGone();

// Ends the process as the system would have, had the signal not been ignored.
[[noreturn]] void EndByBrokenPipe();

}  // namespace scanner

#endif  // SCANNER_CLI_BROKEN_PIPE_H_
