// System calls that a signal interrupted.
#ifndef NETIO_RETRY_H_
#define NETIO_RETRY_H_

#include <cerrno>

namespace netio {

// Repeats `call` for as long as it fails with EINTR.
template <typename Call>
auto Retry(const Call& call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

}  // namespace netio

#endif  // NETIO_RETRY_H_
