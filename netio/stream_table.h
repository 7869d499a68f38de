// The TCP connections of one transport.
#ifndef NETIO_STREAM_TABLE_H_
#define NETIO_STREAM_TABLE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "netio/event_list.h"
#include "netio/file_descriptor.h"
#include "netio/outbox.h"
#include "netio/socket_set.h"
#include "netio/transport.h"

namespace netio {

// Connects, and frames messages both ways with the two-octet length of RFC 1035 section 4.2.2. Never blocks.
// One epoll descriptor stands for all connections: it is readable when Poll has something to do.
//
// A peer that ends in the middle of a message closes the stream with ECONNRESET. Messages for a stream that
// is still connecting wait; beyond kMaxQueued octets, or when the stream has ended, they fail (ENOBUFS,
// ENOTCONN).
class StreamTable {
 public:
  static constexpr size_t kMaxMessage = 65535;
  static constexpr size_t kMaxQueued = 2 * (kMaxMessage + 2);

  // Most events of one Wait: messages of all streams together, and an open and a close of each stream.
  static constexpr size_t kMaxMessages = 1024;
  static size_t MaxEvents(const Outbox& outbox) { return kMaxMessages + 2 * outbox.max_streams(); }

  // All four outlive the table.
  StreamTable(Outbox& outbox, const SocketSet& sockets, EventList& events, TransportStats& stats);

  // -1 when the kernel refused one; streams then close with EMFILE.
  int epoll_fd() const { return epoll_.get(); }

  // Whether any stream is connecting, open or ending.
  bool busy() const { return in_use_ != 0; }

  // Whether Poll has messages that it read before and could not deliver.
  bool backlog() const { return backlog_; }

  // The events of the last Wait are gone: frees streams that ended, and the bytes of messages.
  void BeginWait();

  // Opens what the outbox asks for; Send and Close come after.
  void Open();

  // Copies burst.bytes, to be written by Flush. False: kSendFailed was added, which points to them.
  bool Send(const Burst& burst);

  // Writes what the kernel takes, then closes what the outbox asks for.
  void FlushThenClose();

  // Reads and writes without waiting.
  void Poll();

 private:
  enum class State : uint8_t { kUnused, kConnecting, kOpen, kEnded };

  struct Stream {
    State state = State::kUnused;
    bool flush = false;        // In to_flush_.
    bool wants_write = false;  // What epoll was told.
    bool delivered = false;    // Events of this Wait point into `in`: it must not move.
    FileDescriptor fd;
    Endpoint server;
    std::vector<uint8_t> in;  // Octets [in_begin, in_end) are read and not yet delivered.
    size_t in_begin = 0;
    size_t in_end = 0;
    std::vector<uint8_t> out;  // Octets from out_begin on are not yet written.
    size_t out_begin = 0;
  };

  Stream& at(StreamIndex stream) { return streams_[static_cast<size_t>(stream)]; }
  void Connect(StreamIndex index, const Endpoint& server);
  int StartConnect(Stream& stream);
  void FinishConnect(StreamIndex index);
  void Write(StreamIndex index);
  void Read(StreamIndex index);
  void Deliver(StreamIndex index);
  void Watch(StreamIndex index, bool wants_write);
  void End(StreamIndex index, int error);
  bool Fail(const Burst& burst, int error);

  Outbox& outbox_;
  const SocketSet& sockets_;
  EventList& events_;
  TransportStats& stats_;
  FileDescriptor epoll_;
  std::vector<Stream> streams_;
  std::vector<StreamIndex> to_flush_;
  std::vector<StreamIndex> ended_;  // Their kStreamClosed is among the current events.
  size_t in_use_ = 0;
  size_t messages_ = 0;  // Delivered in this Wait.
  bool backlog_ = false;
};

}  // namespace netio

#endif  // NETIO_STREAM_TABLE_H_
