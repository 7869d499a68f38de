// Transport by io_uring.
#ifndef NETIO_URING_TRANSPORT_H_
#define NETIO_URING_TRANSPORT_H_

#include <liburing.h>
#include <sys/socket.h>

#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "netio/buffer_ring.h"
#include "netio/control_data.h"
#include "netio/socket_transport.h"
#include "netio/uring_ring.h"

namespace netio {

// One submission entry a burst; one multishot receive a socket, into a shared ring of buffers: small ones for
// sockets that do not coalesce, large ones for those that do. To go over from one to the other, a receive is
// cancelled and armed again; what arrives in between waits in the socket.
//
// Sends carry MSG_DONTWAIT, so each completes within its submission, with success or with an error, and its
// message and its bytes are free when its completion is read. A send that did not succeed goes to the
// DatagramSender, which finds out why and sends it again or gives it up.
//
// Destroyed by the thread that called Wait, or after that thread has ended.
class UringTransport final : public SocketTransport {
 public:
  // `sockets` outlives the transport. Fails when io_uring is refused or too old.
  static absl::StatusOr<std::unique_ptr<UringTransport>> Create(const TransportOptions& options,
                                                                SocketSet& sockets);
  ~UringTransport() override;

  std::span<const Event> Wait(Instant deadline) override;

 private:
  // What a completion belongs to, with an index in the low half of its user data.
  enum class Purpose : uint32_t { kSend, kReceive, kStreams, kCancel };

  // The receive of a socket.
  struct Reception {
    bool armed = false;
    bool ending = false;     // Cancelled, and its last completion has yet to come.
    bool coalesced = false;  // Into coalesced_.
  };

  UringTransport(const TransportOptions& options, SocketSet& sockets, std::unique_ptr<UringRing> ring,
                 std::unique_ptr<BufferRing> buffers, std::unique_ptr<BufferRing> coalesced,
                 size_t buffer_count);

  static uint64_t Tag(Purpose purpose, size_t index) {
    return static_cast<uint64_t>(purpose) << 32 | static_cast<uint64_t>(index);
  }

  void Recycle();
  void Arm();
  bool AllArmed() const;
  bool ArmReceive(size_t socket);
  void HandOver();
  bool PrepareSend(Outbox::Ticket ticket);
  void SubmitAndHarvest();
  void Harvest();
  void Sent(Outbox::Ticket ticket, int result);
  void Receive(size_t socket, const io_uring_cqe& completion);
  void Absorb(size_t socket, uint8_t* buffer, size_t size);
  void SwitchReceives();
  bool CancelReceive(size_t socket);
  bool WaitAndHarvest(Instant wake_at);

  std::unique_ptr<BufferRing> buffers_;
  std::unique_ptr<BufferRing> coalesced_;
  std::unique_ptr<UringRing> ring_;  // After the buffers: destroyed first.
  bool started_ = false;
  std::unique_ptr<OutgoingMessage[]> messages_;  // By place in the submission queue.
  msghdr receive_layout_{};                      // How a receive buffer is divided.
  std::vector<Reception> receptions_;            // By socket.
  std::vector<uint32_t> unarmed_;                // Sockets whose receive has ended.
  bool streams_armed_ = false;
  bool sends_prepared_ = false;  // Since the last submission.
  size_t armed_ = 0;             // Receives under way.
};

}  // namespace netio

#endif  // NETIO_URING_TRANSPORT_H_
