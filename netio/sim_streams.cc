// The streams of SimNetwork: connections that keep their order and lose nothing until they end.
#include <algorithm>
#include <cerrno>

#include "netio/sim_network.h"
#include "netio/sim_transport.h"

namespace netio {

SimNetwork::Stream* SimNetwork::Find(SimStreamId id) {
  Stream& stream = streams_[id.transport][static_cast<size_t>(id.index)];
  return stream.generation == id.generation && stream.state != Stream::State::kEnded ? &stream : nullptr;
}

void SimNetwork::OpenStream(uint32_t transport, StreamIndex index, const Endpoint& server) {
  Stream& stream = streams_[transport][static_cast<size_t>(index)];
  stream.state = Stream::State::kConnecting;
  stream.server = server;
  const SimFaults& faults = FaultsOf(server);
  stream.last_to_host = now_ + DrawDelay(faults);
  stream.last_to_transport = stream.last_to_host + DrawDelay(faults);
  if (random_.Chance(faults.stream_silence)) {
    ++counters_.streams_silent;
    return;
  }
  Schedule(stream.last_to_host,
           {.kind = Action::Kind::kStreamAtHost,
            .from = {},
            .to = server,
            .stream = {.transport = transport, .index = index, .generation = stream.generation}});
}

void SimNetwork::ArriveOpen(const Action& action) {
  Stream* const stream = Find(action.stream);
  if (stream == nullptr) return;
  const auto found = stations_.find(action.to);
  const bool alone = found == stations_.end() || found->second.host == nullptr;
  const bool refused = alone || random_.Chance(FaultsOf(action.to).stream_refusal);
  counters_.streams_refused += refused ? 1 : 0;
  Schedule(stream->last_to_transport,
           {.kind = refused ? Action::Kind::kStreamClosed : Action::Kind::kStreamOpen,
            .error = refused ? ECONNREFUSED : 0,
            .from = action.to,
            .to = {},
            .stream = action.stream});
}

void SimNetwork::ConfirmOpen(const Action& action) {
  Stream* const stream = Find(action.stream);
  if (stream == nullptr) return;
  stream->state = Stream::State::kOpen;
  Deliver(action.stream.transport,
          {.kind = Event::Kind::kStreamOpen, .stream = action.stream.index, .server = stream->server});
}

void SimNetwork::SendOnStream(uint32_t transport, const Endpoint& from, const Burst& burst) {
  Stream& stream = streams_[transport][static_cast<size_t>(burst.stream)];
  // A stream may have ended without the engine knowing it yet.
  if (stream.state == Stream::State::kEnded) return;
  if (tap_ != nullptr) tap_->OnSent(now_, transport, from, stream.server, /*on_stream=*/true, burst.bytes);
  // Until it is known that the connection stands, messages wait here.
  const bool connecting = stream.state == Stream::State::kConnecting;
  const Instant leaves = connecting ? stream.last_to_transport + Duration(1) : now_;
  stream.last_to_host = std::max(stream.last_to_host, leaves + DrawDelay(FaultsOf(stream.server)));
  Schedule(stream.last_to_host,
           {.kind = Action::Kind::kStreamToHost,
            .payload = StorePayload(burst.bytes),
            .from = from,
            .to = stream.server,
            .stream = {.transport = transport, .index = burst.stream, .generation = stream.generation}});
}

void SimNetwork::ArriveOnStream(const Action& action) {
  if (Find(action.stream) == nullptr) return;
  const auto found = stations_.find(action.to);
  if (found == stations_.end() || found->second.host == nullptr ||
      random_.Chance(FaultsOf(action.to).stream_reset)) {
    ++counters_.streams_reset;
    Schedule(now_ + DrawDelay(FaultsOf(action.to)), {.kind = Action::Kind::kStreamClosed,
                                                     .error = ECONNRESET,
                                                     .from = action.to,
                                                     .to = {},
                                                     .stream = action.stream});
    return;
  }
  SimReplies replies(*this, action.from, action.to, action.stream);
  found->second.host->OnStreamMessage(now_, action.from, action.to, payload(action.payload), replies);
  if (random_.Chance(FaultsOf(action.to).stream_close)) CloseFromHost(action.stream, {});
}

void SimNetwork::ReplyOnStream(SimStreamId id, std::span<const uint8_t> bytes, Duration after) {
  Stream* const stream = Find(id);
  if (stream == nullptr) return;
  stream->last_to_transport =
      std::max(stream->last_to_transport, now_ + after + DrawDelay(FaultsOf(stream->server)));
  Schedule(stream->last_to_transport, {.kind = Action::Kind::kStreamToTransport,
                                       .payload = StorePayload(bytes),
                                       .from = stream->server,
                                       .to = {},
                                       .stream = id});
}

void SimNetwork::CloseFromHost(SimStreamId id, Duration after) {
  Stream* const stream = Find(id);
  if (stream == nullptr) return;
  ++counters_.streams_closed;
  stream->last_to_transport =
      std::max(stream->last_to_transport, now_ + after + DrawDelay(FaultsOf(stream->server)));
  Schedule(stream->last_to_transport,
           {.kind = Action::Kind::kStreamClosed, .from = stream->server, .to = {}, .stream = id});
}

void SimNetwork::DeliverOnStream(const Action& action) {
  if (Find(action.stream) == nullptr) {
    FreePayload(action.payload);
    return;
  }
  Deliver(action.stream.transport, {.kind = Event::Kind::kMessage,
                                    .stream = action.stream.index,
                                    .payload = action.payload,
                                    .server = action.from});
}

void SimNetwork::EndStream(SimStreamId id, int error) {
  Stream* const stream = Find(id);
  if (stream == nullptr) return;
  stream->state = Stream::State::kEnded;
  ++stream->generation;
  Deliver(id.transport,
          {.kind = Event::Kind::kStreamClosed, .stream = id.index, .error = error, .server = stream->server});
}

void SimNetwork::CloseStream(uint32_t transport, StreamIndex index) {
  const Stream& stream = streams_[transport][static_cast<size_t>(index)];
  EndStream({.transport = transport, .index = index, .generation = stream.generation}, 0);
}

}  // namespace netio
