// Serves until a signal ends it.
#ifndef TOOLS_ARPASIM_SERVE_SERVER_H_
#define TOOLS_ARPASIM_SERVE_SERVER_H_

#include <string>
#include <vector>

#include "tools/arpasim/core/responder.h"
#include "tools/arpasim/serve/endpoint.h"

namespace arpasim {

struct ServeOptions {
  std::vector<Endpoint> listen;
  ResponderOptions responder = {};
  unsigned threads = 1;
  bool plain = false;  // Neither UDP_SEGMENT nor UDP_GRO.
  bool measure_rate = false;
};

// Prints `listening ADDR:PORT` a line for each place to listen, then serves until SIGINT or SIGTERM, then
// prints statistics as one line of JSON. Returns the exit status; on 1 `error` says what failed.
int Serve(ServeOptions options, std::string& error);

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_SERVE_SERVER_H_
