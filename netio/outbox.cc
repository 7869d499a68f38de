#include "netio/outbox.h"

#include <bit>

namespace netio {

Outbox::Outbox(size_t arena_bytes, size_t max_bursts, size_t max_streams)
    : arena_(std::make_unique_for_overwrite<uint8_t[]>(arena_bytes)),
      arena_bytes_(arena_bytes),
      slot_mask_(std::bit_ceil(max_bursts) - 1),
      max_bursts_(max_bursts),
      streams_(max_streams, StreamState::kFree) {
  assert(std::has_single_bit(arena_bytes));
  assert(max_bursts > 0 && max_streams < static_cast<size_t>(StreamIndex::kNone));
  slots_.reserve(slot_mask_ + 1);
  free_streams_.reserve(max_streams);
  for (size_t i = max_streams; i > 0; --i) free_streams_.push_back(ToStreamIndex(i - 1));
  stream_commands_.reserve(2 * max_streams);
}

StreamIndex Outbox::OpenStream(const Endpoint& server) {
  if (free_streams_.empty()) return StreamIndex::kNone;
  const StreamIndex stream = free_streams_.back();
  free_streams_.pop_back();
  streams_[static_cast<size_t>(stream)] = StreamState::kInUse;
  stream_commands_.push_back({.stream = stream, .open = true, .server = server});
  return stream;
}

void Outbox::CloseStream(StreamIndex stream) {
  StreamState& state = streams_[static_cast<size_t>(stream)];
  if (state != StreamState::kInUse) return;
  state = StreamState::kClosing;
  stream_commands_.push_back({.stream = stream, .open = false, .server = {}});
}

void Outbox::FreeStream(StreamIndex stream) {
  StreamState& state = streams_[static_cast<size_t>(stream)];
  assert(state != StreamState::kFree);
  state = StreamState::kFree;
  free_streams_.push_back(stream);
}

}  // namespace netio
