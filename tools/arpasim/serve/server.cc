#include "tools/arpasim/serve/server.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <memory>
#include <thread>

#include "tools/arpasim/serve/service.h"
#include "tools/arpasim/serve/sockets.h"
#include "tools/arpasim/serve/tcp_port.h"
#include "tools/arpasim/serve/udp_port.h"

namespace arpasim {
namespace {

// One thread: its listeners, one loop.
class Worker {
 public:
  // `stop` becomes readable when it is time to end.
  Worker(std::vector<Listener> listeners, const ServeOptions& options, Responder& responder, RateMeter* rates,
         int stop)
      : listeners_(std::move(listeners)), epoll_(epoll_create1(EPOLL_CLOEXEC)), stop_(stop) {
    service_.responder = &responder;
    service_.rates = rates;
    for (const Listener& listener : listeners_) {
      udp_.push_back(std::make_unique<UdpPort>(listener, options.plain));
      tcp_.push_back(std::make_unique<TcpPort>(listener, epoll_.get()));
      Watch(listener.udp.get());
      Watch(listener.tcp.get());
    }
    Watch(stop_);
  }

  void Run() {
    std::array<epoll_event, 64> events;
    int64_t wake_ns = INT64_MAX;
    for (;;) {
      const timespec wait = Until(wake_ns);
      const int count = epoll_pwait2(epoll_.get(), events.data(), events.size(),
                                     wake_ns == INT64_MAX ? nullptr : &wait, nullptr);
      for (int i = 0; i < count; ++i) {
        if (events[static_cast<size_t>(i)].data.fd == stop_) return;
        Dispatch(events[static_cast<size_t>(i)]);
      }
      wake_ns = SendDue();
    }
  }

  const Service& service() const { return service_; }

 private:
  void Watch(int fd) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
  }

  static timespec Until(int64_t wake_ns) {
    const int64_t wait = std::max<int64_t>(0, wake_ns - ReadClock(CLOCK_MONOTONIC));
    return {.tv_sec = wait / 1'000'000'000, .tv_nsec = wait % 1'000'000'000};
  }

  void Dispatch(const epoll_event& event) {
    const int fd = event.data.fd;
    for (size_t i = 0; i < listeners_.size(); ++i) {
      if (fd == listeners_[i].udp.get()) {
        udp_[i]->Serve(service_);
      } else if (fd == listeners_[i].tcp.get()) {
        tcp_[i]->Accept();
      } else if (tcp_[i]->Owns(fd)) {
        tcp_[i]->Handle(fd, event.events, service_);
      } else {
        continue;
      }
      return;
    }
  }

  int64_t SendDue() {
    int64_t next = INT64_MAX;
    const int64_t now_ns = ReadClock(CLOCK_MONOTONIC);
    for (const auto& port : udp_) next = std::min(next, port->SendDue(now_ns));
    for (const auto& port : tcp_) next = std::min(next, port->SendDue(now_ns));
    return next;
  }

  std::vector<Listener> listeners_;
  Descriptor epoll_;
  int stop_;
  Service service_;
  std::vector<std::unique_ptr<UdpPort>> udp_;
  std::vector<std::unique_ptr<TcpPort>> tcp_;
};

void PrintStatistics(const ResponderStats& stats, uint64_t receive_drops, const RateMeter* rates) {
  const auto number = [](const char* key, uint64_t value) {
    std::printf("\"%s\":%llu,", key, static_cast<unsigned long long>(value));
  };
  std::printf("{");
  number("queries", stats.queries);
  std::printf("\"types\":{\"PTR\":%llu,\"A\":%llu,\"AAAA\":%llu,\"other\":%llu},",
              static_cast<unsigned long long>(stats.ptr), static_cast<unsigned long long>(stats.a),
              static_cast<unsigned long long>(stats.aaaa), static_cast<unsigned long long>(stats.other));
  number("tcp", stats.tcp);
  number("answers", stats.answers);
  number("truncated", stats.truncated);
  number("silent", stats.silent);
  number("lost", stats.lost);
  number("corrupt", stats.corrupt);
  number("duplicates", stats.duplicates);
  number("forged", stats.forged);
  number("limited", stats.limited);
  number("repeated_asks", stats.repeated);
  number("max_asks_of_one_question", stats.max_asks);
  if (rates != nullptr) {
    number("max_rate_of_a_source", rates->max_of_a_source());
    number("max_rate_of_a_server", rates->max_of_a_server());
  }
  std::printf("\"receive_drops\":%llu}\n", static_cast<unsigned long long>(receive_drops));
  std::fflush(stdout);
}

// Readable once SIGINT or SIGTERM has come.
Descriptor CatchSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return Descriptor(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

}  // namespace

int Serve(ServeOptions options, std::string& error) {
  const Descriptor stop = CatchSignals();
  std::vector<std::vector<Listener>> listeners =
      OpenListeners(options.listen, options.threads,
                    {.coalesce = !options.plain, .timestamps = options.measure_rate}, error);
  if (listeners.empty()) return 1;
  Responder responder(options.responder);
  RateMeter rates;
  RateMeter* const measured = options.measure_rate ? &rates : nullptr;
  std::vector<std::unique_ptr<Worker>> workers;
  workers.reserve(listeners.size());
  for (std::vector<Listener>& set : listeners) {
    workers.push_back(std::make_unique<Worker>(std::move(set), options, responder, measured, stop.get()));
  }
  for (const Endpoint& endpoint : options.listen) std::printf("listening %s\n", ToText(endpoint).c_str());
  std::fflush(stdout);
  std::vector<std::thread> threads;
  for (size_t i = 1; i < workers.size(); ++i) threads.emplace_back([&worker = *workers[i]] { worker.Run(); });
  workers[0]->Run();
  for (std::thread& thread : threads) thread.join();
  ResponderStats stats;
  uint64_t receive_drops = 0;
  for (const auto& worker : workers) {
    stats.Add(worker->service().stats);
    receive_drops += worker->service().receive_drops;
  }
  PrintStatistics(stats, receive_drops, measured);
  return 0;
}

}  // namespace arpasim
