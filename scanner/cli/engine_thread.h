// One engine with its sockets, its transport and its thread.
#ifndef SCANNER_CLI_ENGINE_THREAD_H_
#define SCANNER_CLI_ENGINE_THREAD_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "netio/open_transport.h"
#include "netio/socket_set.h"
#include "netio/transport.h"
#include "scanner/cli/driver_events.h"
#include "scanner/core/engine.h"

namespace scanner {

// How a sweep is asked to end; it only ever grows.
enum class Stop : uint8_t {
  kNo,
  kFinish,   // Claim nothing more, end what is in progress.
  kAbandon,  // End at once; rows that are finished are handed over.
};

class EngineThread {
 public:
  struct Options {
    Engine::Options engine;  // Without local ports, which come from `sockets`.
    netio::IoMode io = netio::IoMode::kAuto;
    netio::SocketSetOptions sockets;
    netio::TransportOptions transport;
  };

  // As of the last time that the thread looked up from its work.
  struct Report {
    EngineStats engine;
    netio::TransportStats transport;
    uint32_t targets_in_progress = 0;
    uint32_t in_flight = 0;
    bool nobody_answers = false;  // Lookups::NobodyAnswers.
    bool ended = false;
  };

  // Everything but `options` and `notice` outlives the result. `notice` is that of OpenTransport.
  static absl::StatusOr<std::unique_ptr<EngineThread>> Open(const Options& options,
                                                            const Engine::Shared& shared,
                                                            const std::atomic<Stop>& stop,
                                                            const DriverEvents& events, std::string* notice);
  ~EngineThread();
  EngineThread(const EngineThread&) = delete;
  EngineThread& operator=(const EngineThread&) = delete;

  // The driver is notified when the thread ends.
  void Start();
  void Join();

  // Any thread.
  Report report() const;
  // While the thread does not run.
  const Engine& engine() const { return *engine_; }

 private:
  EngineThread(const std::atomic<Stop>& stop, const DriverEvents& events) : stop_(stop), events_(events) {}

  void Run();
  void Publish(Instant now, bool ended);

  const std::atomic<Stop>& stop_;
  const DriverEvents& events_;
  std::optional<netio::SocketSet> sockets_;
  std::unique_ptr<netio::Transport> transport_;
  std::unique_ptr<Engine> engine_;
  mutable std::mutex mutex_;
  Report report_;  // Guarded by mutex_.
  std::thread thread_;
};

}  // namespace scanner

#endif  // SCANNER_CLI_ENGINE_THREAD_H_
