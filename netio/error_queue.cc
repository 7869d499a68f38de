#include "netio/error_queue.h"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "netio/sockaddr.h"

namespace netio {
namespace {

// A receive queue of the largest size holds fewer; a bound all the same, should errors arrive as fast as they
// leave.
constexpr int kMaxErrors = 65536;

// Room for sock_extended_err with the address of the ICMP's sender, and for SO_RXQ_OVFL.
constexpr size_t kControlBytes =
    CMSG_SPACE(sizeof(sock_extended_err) + sizeof(sockaddr_in6)) + CMSG_SPACE(sizeof(uint32_t));

// The errno of an ICMP error; 0 when `message` reports anything else.
int IcmpErrno(msghdr& message) {
  for (cmsghdr* control = CMSG_FIRSTHDR(&message); control != nullptr;
       control = CMSG_NXTHDR(&message, control)) {
    const bool reports = (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_RECVERR) ||
                         (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_RECVERR);
    if (!reports) continue;
    sock_extended_err error;
    std::memcpy(&error, CMSG_DATA(control), sizeof(error));
    const bool icmp = error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6;
    return icmp ? static_cast<int>(error.ee_errno) : 0;
  }
  return 0;
}

}  // namespace

size_t DrainErrorQueue(const SocketSet::Socket& socket, EventList& events, TransportStats& stats) {
  size_t icmp_errors = 0;
  std::array<uint8_t, EventList::kQuoteBytes> quote;
  alignas(cmsghdr) std::array<uint8_t, kControlBytes> control;
  for (int i = 0; i < kMaxErrors; ++i) {
    SocketAddress server;
    iovec into{.iov_base = quote.data(), .iov_len = quote.size()};
    msghdr message{};
    message.msg_name = &server;
    message.msg_namelen = sizeof(server);
    message.msg_iov = &into;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t size = recvmsg(socket.fd.get(), &message, MSG_ERRQUEUE | MSG_DONTWAIT);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) break;
    const int error = IcmpErrno(message);
    if (error == 0) continue;
    ++icmp_errors;
    ++stats.unreachable;
    const std::optional<Endpoint> named = FromSocketAddress(server, message.msg_namelen);
    if (!named.has_value()) continue;
    events.AddUnreachable(socket.port, *named, std::span(quote).first(static_cast<size_t>(size)), error);
  }
  return icmp_errors;
}

}  // namespace netio
