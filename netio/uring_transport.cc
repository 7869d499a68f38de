#include "netio/uring_transport.h"

#include <poll.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cerrno>
#include <numeric>
#include <utility>

#include "netio/clock.h"
#include "netio/error_queue.h"

namespace netio {
namespace {

constexpr unsigned kSubmissions = 1024;
constexpr size_t kMaxBuffers = 32768;
enum BufferGroup : uint16_t { kSingleGroup, kCoalescedGroup };

// A receive buffer: io_uring_recvmsg_out, the sender's address, control data, the datagram. The address has
// more room than it needs, so that the control data is aligned.
constexpr size_t kNameBytes = 32;
static_assert(kNameBytes >= sizeof(SocketAddress));
static_assert((sizeof(io_uring_recvmsg_out) + kNameBytes) % alignof(cmsghdr) == 0);
constexpr size_t kOverhead = sizeof(io_uring_recvmsg_out) + kNameBytes + kReceiveControlBytes;

}  // namespace

absl::StatusOr<std::unique_ptr<UringTransport>> UringTransport::Create(const TransportOptions& options,
                                                                       SocketSet& sockets) {
  const size_t buffer_bytes = kOverhead + options.max_datagram;
  const size_t buffers =
      std::bit_floor(std::clamp<size_t>(options.receive_bytes / buffer_bytes, 1, kMaxBuffers));
  // Completions of one submission, of all buffers, and of the few other entries.
  const auto completions = static_cast<unsigned>(
      std::bit_ceil(kSubmissions + buffers + kCoalescedBuffers + 3 * sockets.sockets().size() + 2));
  absl::StatusOr<std::unique_ptr<UringRing>> ring =
      UringRing::Create(kSubmissions, completions, options.features);
  if (!ring.ok()) return ring.status();
  absl::StatusOr<std::unique_ptr<BufferRing>> singles =
      BufferRing::Create((*ring)->get(), kSingleGroup, buffers, buffer_bytes);
  if (!singles.ok()) return singles.status();
  absl::StatusOr<std::unique_ptr<BufferRing>> coalesced = BufferRing::Create(
      (*ring)->get(), kCoalescedGroup, kCoalescedBuffers, kOverhead + SocketSet::kMaxCoalesced);
  if (!coalesced.ok()) return coalesced.status();
  return std::unique_ptr<UringTransport>(new UringTransport(
      options, sockets, std::move(*ring), std::move(*singles), std::move(*coalesced), buffers));
}

UringTransport::UringTransport(const TransportOptions& options, SocketSet& sockets,
                               std::unique_ptr<UringRing> ring, std::unique_ptr<BufferRing> buffers,
                               std::unique_ptr<BufferRing> coalesced, size_t buffer_count)
    : SocketTransport(options, sockets, buffer_count + kCoalescedBuffers),
      buffers_(std::move(buffers)),
      coalesced_(std::move(coalesced)),
      ring_(std::move(ring)),
      messages_(std::make_unique_for_overwrite<OutgoingMessage[]>(kSubmissions)),
      receptions_(sockets.sockets().size()),
      unarmed_(sockets.sockets().size()) {
  receive_layout_.msg_namelen = kNameBytes;
  receive_layout_.msg_controllen = kReceiveControlBytes;
  std::iota(unarmed_.begin(), unarmed_.end(), 0U);
}

// The kernel must not write to the buffers, nor take datagrams that a later transport should get, once this
// is gone.
UringTransport::~UringTransport() {
  if (!started_) return;
  io_uring_sqe* const entry = ring_->NextEntry();
  if (entry == nullptr) return;
  io_uring_prep_cancel64(entry, 0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
  entry->user_data = Tag(Purpose::kCancel, 0);
  constexpr int kRounds = 100;
  if (ring_->Submit() != 0) return;
  Harvest();
  for (int i = 0; i < kRounds && armed_ > 0; ++i) {
    Recycle();
    events_.Clear();
    ring_->Wait(std::chrono::milliseconds(10));
    Harvest();
  }
}

std::span<const Event> UringTransport::Wait(Instant deadline) {
  if (!started_) {
    const int error = ring_->Start();
    assert(error == 0);
    started_ = true;
    stats_.fallbacks.Add(ring_->fallbacks());
  }
  BeginWait();
  Recycle();
  Arm();
  HandOver();
  while (true) {
    if (streams_.backlog()) streams_.Poll();
    SubmitAndHarvest();
    sender_.Flush();
    if (Done(deadline)) break;
    if (AllArmed() && !WaitAndHarvest(WakeAt(deadline))) break;
    if (!events_.empty()) break;
    Recycle();
    Arm();
  }
  if (switches_due_) SwitchReceives();
  return events_.events();
}

// No event points into the buffers any more.
void UringTransport::Recycle() {
  buffers_->Recycle();
  coalesced_->Recycle();
}

// Starts the receives that have ended, and the watch over streams.
void UringTransport::Arm() {
  while (!unarmed_.empty() && ArmReceive(unarmed_.back())) unarmed_.pop_back();
  if (streams_armed_ || !streams_.busy()) return;
  io_uring_sqe* const entry = ring_->NextEntry();
  if (entry == nullptr) return;
  io_uring_prep_poll_add(entry, streams_.epoll_fd(), POLLIN);
  entry->user_data = Tag(Purpose::kStreams, 0);
  streams_armed_ = true;
}

// Whether anything that arrives will end a wait.
bool UringTransport::AllArmed() const { return unarmed_.empty() && (streams_armed_ || !streams_.busy()); }

bool UringTransport::ArmReceive(size_t socket) {
  io_uring_sqe* const entry = ring_->NextEntry();
  if (entry == nullptr) return false;
  if (SwitchDue(socket)) Switch(socket);
  const SocketSet::Socket& from = sockets_.sockets()[socket];
  io_uring_prep_recvmsg_multishot(entry, from.fd.get(), &receive_layout_, 0);
  entry->flags |= IOSQE_BUFFER_SELECT;
  entry->buf_group = (from.coalesces ? coalesced_ : buffers_)->group();
  entry->user_data = Tag(Purpose::kReceive, socket);
  receptions_[socket] = {.armed = true, .ending = false, .coalesced = from.coalesces};
  ++armed_;
  return true;
}

// Everything in the outbox goes to the kernel, to its stream, or to wait for room.
void UringTransport::HandOver() {
  while (outbox_.queued() > 0) {
    const Outbox::Ticket ticket = outbox_.Take();
    const Burst& burst = outbox_.burst(ticket);
    if (burst.stream != StreamIndex::kNone) {
      SendOnStream(ticket);
      continue;
    }
    const bool one_by_one = !sender_.segments() && burst.bytes.size() > burst.segment;
    if (one_by_one || sender_.waiting(sockets_.index(burst.server.family, burst.local_port))) {
      sender_.Queue(ticket);
    } else if (!PrepareSend(ticket)) {
      SubmitAndHarvest();
      if (!PrepareSend(ticket)) sender_.Queue(ticket);
    }
  }
  streams_.FlushThenClose();
}

bool UringTransport::PrepareSend(Outbox::Ticket ticket) {
  io_uring_sqe* const entry = ring_->NextEntry();
  if (entry == nullptr) return false;
  const Burst& burst = outbox_.burst(ticket);
  OutgoingMessage& message = messages_[static_cast<size_t>(entry - ring_->get()->sq.sqes)];
  const int fd = sockets_.sockets()[sockets_.index(burst.server.family, burst.local_port)].fd.get();
  if (burst.bytes.size() == burst.segment && !stats_.fallbacks.Has(Fallback::kMessageSends)) {
    io_uring_prep_send(entry, fd, burst.bytes.data(), burst.bytes.size(), MSG_DONTWAIT);
    io_uring_prep_send_set_addr(entry, &message.to.any,
                                static_cast<uint16_t>(ToSocketAddress(burst.server, message.to)));
  } else {
    message.Fill(burst.server, burst.bytes, burst.segment);
    io_uring_prep_sendmsg(entry, fd, &message.header, MSG_DONTWAIT);
  }
  entry->user_data = Tag(Purpose::kSend, static_cast<size_t>(ticket));
  sends_prepared_ = true;
  return true;
}

void UringTransport::SubmitAndHarvest() {
  if (std::exchange(sends_prepared_, false)) ++stats_.send_calls;
  ring_->Submit();
  Harvest();
}

bool UringTransport::WaitAndHarvest(Instant wake_at) {
  const Duration left = wake_at - MonotonicNow();
  if (left > Duration::zero() && !ring_->Wait(left)) return false;
  Harvest();
  return true;
}

void UringTransport::Harvest() {
  unsigned head = 0;
  unsigned count = 0;
  io_uring_cqe* completion = nullptr;
  bool streams_ready = false;
  io_uring_for_each_cqe(ring_->get(), head, completion) {
    ++count;
    const auto index = static_cast<uint32_t>(completion->user_data);
    switch (static_cast<Purpose>(completion->user_data >> 32)) {
      case Purpose::kSend:
        Sent(Outbox::Ticket{index}, completion->res);
        break;
      case Purpose::kReceive:
        Receive(index, *completion);
        break;
      case Purpose::kStreams:
        streams_armed_ = false;
        streams_ready = true;
        break;
      case Purpose::kCancel:
        break;
    }
  }
  io_uring_cq_advance(ring_->get(), count);
  if (streams_ready) streams_.Poll();
}

void UringTransport::Sent(Outbox::Ticket ticket, int result) {
  const Burst& burst = outbox_.burst(ticket);
  if (result >= 0) {
    stats_.datagrams_sent += burst.bytes.size() / burst.segment;
    outbox_.GiveBack(ticket);
    return;
  }
  const size_t index = sockets_.index(burst.server.family, burst.local_port);
  // Told once: the sender will not meet this error again if it was a pending one.
  if (DrainErrorQueue(sockets_.sockets()[index], events_, stats_) > 0) ++stats_.sends_repeated;
  sender_.Queue(ticket);
}

void UringTransport::Receive(size_t index, const io_uring_cqe& completion) {
  if ((completion.flags & IORING_CQE_F_BUFFER) != 0) {
    BufferRing& ring = *(receptions_[index].coalesced ? coalesced_ : buffers_);
    uint8_t* const buffer = ring.Take(static_cast<uint16_t>(completion.flags >> IORING_CQE_BUFFER_SHIFT));
    if (completion.res >= 0) Absorb(index, buffer, static_cast<size_t>(completion.res));
  }
  if (completion.res == -ENOBUFS) {
    ++stats_.buffers_exhausted;
  } else if (completion.res < 0 && completion.res != -ECANCELED) {
    DrainErrorQueue(sockets_.sockets()[index], events_, stats_);
  }
  if ((completion.flags & IORING_CQE_F_MORE) == 0) {
    receptions_[index] = {};
    --armed_;
    unarmed_.push_back(static_cast<uint32_t>(index));
  }
}

void UringTransport::Absorb(size_t socket, uint8_t* buffer, size_t size) {
  io_uring_recvmsg_out* const out =
      io_uring_recvmsg_validate(buffer, static_cast<int>(size), &receive_layout_);
  if (out == nullptr) return;
  if ((out->flags & MSG_TRUNC) != 0) {
    ++stats_.truncated_datagrams;
    return;
  }
  SocketAddress from;
  std::memcpy(&from, io_uring_recvmsg_name(out), sizeof(from));
  const std::optional<Endpoint> server = FromSocketAddress(from, out->namelen);
  if (!server.has_value()) return;
  uint8_t* const control = buffer + sizeof(*out) + kNameBytes;
  const auto* const bytes = static_cast<const uint8_t*>(io_uring_recvmsg_payload(out, &receive_layout_));
  const size_t length = io_uring_recvmsg_payload_length(out, static_cast<int>(size), &receive_layout_);
  Received(socket, *server, std::span(bytes, length), ReadReceiveControl(control, out->controllen));
}

// Ends the receives that have the wrong buffers. A coalesced datagram needs a large one: a socket that is to
// coalesce goes on without until it has them, one that is not stops before it loses them.
void UringTransport::SwitchReceives() {
  switches_due_ = false;
  for (size_t i = 0; i < receptions_.size(); ++i) {
    const SocketSet::Socket& socket = sockets_.sockets()[i];
    Reception& reception = receptions_[i];
    if (socket.coalesces && !WantsCoalescing(i)) Switch(i);
    const bool fits = reception.coalesced == (socket.coalesces || WantsCoalescing(i));
    if (reception.armed && !reception.ending && !fits) reception.ending = CancelReceive(i);
    switches_due_ = switches_due_ || SwitchDue(i) || (reception.armed && !reception.ending && !fits);
  }
}

// False: no entry is free.
bool UringTransport::CancelReceive(size_t socket) {
  io_uring_sqe* const entry = ring_->NextEntry();
  if (entry == nullptr) return false;
  io_uring_prep_cancel64(entry, Tag(Purpose::kReceive, socket), 0);
  entry->user_data = Tag(Purpose::kCancel, 0);
  return true;
}

}  // namespace netio
