#include "scanner/cli/sweep_snapshot.h"

#include <cstddef>

namespace scanner {

void Add(const EngineStats& part, EngineStats& sum) {
  sum.targets_claimed += part.targets_claimed;
  sum.rows += part.rows;
  sum.packets_sent += part.packets_sent;
  sum.packets_received += part.packets_received;
  sum.retries += part.retries;
  sum.tcp += part.tcp;
  sum.unsolicited += part.unsolicited;
  sum.mismatched += part.mismatched;
  sum.late += part.late;
  sum.forward_lookups += part.forward_lookups;
  sum.forward_shared += part.forward_shared;
  sum.put_back += part.put_back;
  for (size_t i = 0; i < sum.refused.size(); ++i) sum.refused[i] += part.refused[i];
}

void Add(const netio::TransportStats& part, netio::TransportStats& sum) {
  sum.datagrams_sent += part.datagrams_sent;
  sum.datagrams_received += part.datagrams_received;
  sum.stream_messages_sent += part.stream_messages_sent;
  sum.stream_messages_received += part.stream_messages_received;
  sum.streams_opened += part.streams_opened;
  sum.send_calls += part.send_calls;
  sum.sends_repeated += part.sends_repeated;
  sum.send_failures += part.send_failures;
  sum.unreachable += part.unreachable;
  sum.receive_drops += part.receive_drops;
  sum.buffers_exhausted += part.buffers_exhausted;
  sum.truncated_datagrams += part.truncated_datagrams;
  sum.fallbacks.Add(part.fallbacks);
}

}  // namespace scanner
