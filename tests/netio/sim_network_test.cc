#include "netio/sim_network.h"

#include <cerrno>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/netio/sim_test_lab.h"

namespace netio {
namespace {

using std::chrono::milliseconds;
using Kind = Event::Kind;

const Endpoint kServer4 = At("192.0.2.1:53");
const Endpoint kServer6 = At("[2001:db8:1::1]:53");
const Endpoint kNobody = At("192.0.2.99:53");

TEST(SimNetwork, ADatagramGoesThereAndBackAtItsExactTime) {
  SimNetwork network(1);
  EchoHost host;
  host.think = milliseconds(5);
  network.AddHost(kServer4, host);
  network.AddHost(kServer6, host);
  SimTransport transport(network, LabOptions());
  network.AdvanceTo(Instant(milliseconds(10)));
  ASSERT_TRUE(SendText(transport, kServer4, "four", 3));
  ASSERT_TRUE(SendText(transport, kServer6, "sixth", 15));
  transport.Flush();
  EXPECT_EQ(network.NextEvent(), Instant(milliseconds(11)));
  network.AdvanceTo(Instant(milliseconds(17)) - Duration(1));
  EXPECT_FALSE(transport.has_arrived());
  network.AdvanceTo(Instant(milliseconds(17)));
  EXPECT_TRUE(transport.has_arrived());
  std::vector<KeptEvent> events;
  Collect(transport, events);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].event.kind, Kind::kMessage);
  EXPECT_EQ(events[0].event.server, kServer4);
  EXPECT_EQ(events[0].event.local_port, LocalPort{3});
  EXPECT_EQ(events[0].event.segment, 4);
  EXPECT_EQ(events[0].text, "four");
  EXPECT_EQ(events[1].event.server, kServer6);
  EXPECT_EQ(events[1].event.local_port, LocalPort{15});
  EXPECT_EQ(events[1].text, "sixth");
  ASSERT_EQ(host.seen.size(), 2U);
  EXPECT_EQ(host.seen[0].at, Instant(milliseconds(11)));
  EXPECT_EQ(host.seen[0].from, At("10.0.0.1:1003"));
  EXPECT_EQ(host.seen[1].from, At("[2001:db8::1]:1015"));
  EXPECT_EQ(network.NextEvent(), Instant::max());
}

TEST(SimNetwork, AdvanceToArrivalStopsWhenAllOfOneTimeHasArrived) {
  SimNetwork network(1);
  EchoHost host;
  network.AddHost(kServer4, host);
  SimTransport transport(network, LabOptions());
  SendText(transport, kServer4, "a");
  SendText(transport, kServer4, "b");
  transport.Flush();
  EXPECT_TRUE(network.AdvanceToArrival(Instant(milliseconds(100))));
  EXPECT_EQ(network.now(), Instant(milliseconds(2)));
  EXPECT_EQ(transport.Wait({}).front().bytes.size(), 2U);
  EXPECT_FALSE(network.AdvanceToArrival(Instant(milliseconds(100))));
  EXPECT_EQ(network.now(), Instant(milliseconds(100)));
}

TEST(SimNetwork, SegmentsOfABurstAreDatagrams) {
  SimNetwork network(1);
  EchoHost host;
  network.AddHost(kServer4, host);
  SimTransport transport(network, LabOptions());
  SendText(transport, kServer4, "abc", 0, StreamIndex::kNone, 64);
  const std::vector<KeptEvent> events = RunDry(network, transport);
  EXPECT_EQ(host.seen.size(), 64U);
  ASSERT_EQ(events.size(), 1U);  // They come back coalesced.
  EXPECT_EQ(events[0].event.segment, 3);
  EXPECT_EQ(events[0].text.size(), 192U);
  EXPECT_EQ(transport.stats().datagrams_sent, 64U);
  EXPECT_EQ(transport.stats().datagrams_received, 64U);
}

TEST(SimNetwork, OnlyOneShorterDatagramEndsACoalescedEvent) {
  struct Case {
    std::vector<std::string> texts;
    std::vector<std::string> events;
  };
  const Case cases[] = {
      {{"aa", "bb", "c"}, {"aabbc"}},
      {{"aa", "b", "c"}, {"aab", "c"}},
      {{"a", "bb"}, {"a", "bb"}},
      {std::vector<std::string>(65, "x"), {std::string(64, 'x'), "x"}},
  };
  for (const Case& c : cases) {
    SimNetwork network(1);
    EchoHost host;
    network.AddHost(kServer4, host);
    SimTransport transport(network, LabOptions());
    for (const std::string& text : c.texts) SendText(transport, kServer4, text);
    std::vector<std::string> texts;
    for (const KeptEvent& kept : RunDry(network, transport)) texts.push_back(kept.text);
    EXPECT_EQ(texts, c.events);
  }
}

TEST(SimNetwork, AnEndpointWithoutAHostIsUnreachableAndQuotesTheDatagram) {
  SimNetwork network(1);
  SimTransport transport(network, LabOptions());
  SendText(transport, kNobody, "hello", 7);
  SendText(transport, kNobody, std::string(1000, 'x'), 7);
  const std::vector<KeptEvent> events = RunDry(network, transport);
  ASSERT_EQ(events.size(), 2U);
  for (const KeptEvent& kept : events) {
    EXPECT_EQ(kept.event.kind, Kind::kUnreachable);
    EXPECT_EQ(kept.event.server, kNobody);
    EXPECT_EQ(kept.event.local_port, LocalPort{7});
  }
  EXPECT_EQ(events[0].text, "hello");
  EXPECT_EQ(events[1].text, std::string(520, 'x'));
  EXPECT_EQ(network.counters().unreachable, 2U);
  EXPECT_EQ(network.now(), Instant(milliseconds(2)));
}

TEST(SimNetwork, ARemovedHostIsUnreachable) {
  SimNetwork network(1);
  EchoHost host;
  network.AddHost(kServer4, host);
  network.RemoveHost(kServer4);
  SimTransport transport(network, LabOptions());
  SendText(transport, kServer4, "x");
  const std::vector<KeptEvent> events = RunDry(network, transport);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].event.kind, Kind::kUnreachable);
  EXPECT_TRUE(host.seen.empty());
}

TEST(SimNetwork, ReplyFromAnotherEndpointNamesIt) {
  SimNetwork network(1);
  EchoHost host;
  host.also_from = At("192.0.2.2:5353");
  network.AddHost(kServer4, host);
  SimTransport transport(network, LabOptions());
  SendText(transport, kServer4, "x");
  const std::vector<KeptEvent> events = RunDry(network, transport);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].event.server, kServer4);
  EXPECT_EQ(events[1].event.server, At("192.0.2.2:5353"));
}

// One fault at a time, always and never.
struct FaultCase {
  const char* name;
  std::function<void(SimFaults&)> set;
  uint64_t SimCounters::* counter;
  Endpoint server;
  std::vector<Kind> events;  // With the fault, of one datagram.
};

TEST(SimNetwork, EachFaultHappensWhenItIsCertainAndOnlyThen) {
  const FaultCase cases[] = {
      {"drop query", [](SimFaults& f) { f.drop_query = 1; }, &SimCounters::queries_dropped, kServer4, {}},
      {"drop reply", [](SimFaults& f) { f.drop_reply = 1; }, &SimCounters::replies_dropped, kServer4, {}},
      {"duplicate query",
       [](SimFaults& f) { f.duplicate_query = 1; },
       &SimCounters::queries_duplicated,
       kServer4,
       {Kind::kMessage, Kind::kMessage}},
      {"duplicate reply",
       [](SimFaults& f) { f.duplicate_reply = 1; },
       &SimCounters::replies_duplicated,
       kServer4,
       {Kind::kMessage, Kind::kMessage}},
      {"corrupt",
       [](SimFaults& f) { f.corrupt_reply = 1; },
       &SimCounters::corrupted,
       kServer4,
       {Kind::kMessage}},
      {"spoof",
       [](SimFaults& f) { f.spoof = 1; },
       &SimCounters::spoofed,
       kServer4,
       {Kind::kMessage, Kind::kMessage}},
      {"send failure",
       [](SimFaults& f) { f.send_failure = 1; },
       &SimCounters::send_failures,
       kServer4,
       {Kind::kSendFailed}},
      {"overflow",
       [](SimFaults& f) { f.queue_overflow = 1; },
       &SimCounters::queue_overflows,
       kServer4,
       {Kind::kDrops}},
      {"slow", [](SimFaults& f) { f.slow = 1; }, &SimCounters::slow, kServer4, {Kind::kMessage}},
      {"back-pressure",
       [](SimFaults& f) { f.back_pressure = 1; },
       &SimCounters::back_pressure,
       kServer4,
       {Kind::kMessage}},
      {"no ICMP", [](SimFaults& f) { f.icmp = 0; }, nullptr, kNobody, {}},
  };
  for (const FaultCase& c : cases) {
    for (const bool on : {true, false}) {
      SCOPED_TRACE(c.name + std::string(on ? " on" : " off"));
      SimNetwork network(7);
      EchoHost host;
      network.AddHost(kServer4, host);
      network.SetCorrupt([](SimRandom&, std::vector<uint8_t>& bytes) {
        bytes[0] ^= 1;
        return true;
      });
      network.SetSpoof(
          [](SimRandom&, const Endpoint&, const Endpoint&, std::span<const uint8_t>, SimSpoofed& out) {
            out.bytes = {'e', 'v', 'i', 'l'};
            return true;
          });
      SimFaults faults;
      if (on) c.set(faults);
      network.SetFaults(c.server, faults);
      SimTransportOptions options = LabOptions();
      options.coalesce = false;
      SimTransport transport(network, options);
      SendText(transport, c.server, "xy");
      std::vector<Kind> kinds;
      for (const KeptEvent& kept : RunDry(network, transport)) kinds.push_back(kept.event.kind);
      const std::vector<Kind> without = {c.server == kNobody ? Kind::kUnreachable : Kind::kMessage};
      EXPECT_EQ(kinds, on ? c.events : without);
      if (c.counter != nullptr) {
        EXPECT_EQ(network.counters().*c.counter > 0, on);
      }
    }
  }
}

TEST(SimNetwork, FaultsOfAHostLeaveOthersAlone) {
  SimNetwork network(1);
  EchoHost host;
  network.AddHost(kServer4, host);
  network.AddHost(kServer6, host);
  SimFaults faults;
  faults.drop_query = 1;
  network.SetFaults(kServer4, faults);
  SimTransport transport(network, LabOptions());
  SendText(transport, kServer4, "lost");
  SendText(transport, kServer6, "kept");
  const std::vector<KeptEvent> events = RunDry(network, transport);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].text, "kept");
}

TEST(SimNetwork, SendFailureReturnsTheBurst) {
  SimNetwork network(1);
  SimFaults faults;
  faults.send_failure = 1;
  network.SetFaults(faults);
  SimTransport transport(network, LabOptions());
  SendText(transport, kServer4, "ab", 5, StreamIndex::kNone, 3);
  const std::vector<KeptEvent> events = RunDry(network, transport);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].text, "ababab");
  EXPECT_EQ(events[0].event.segment, 2);
  EXPECT_EQ(events[0].event.local_port, LocalPort{5});
  EXPECT_NE(events[0].event.error, 0);
  EXPECT_EQ(transport.stats().datagrams_sent, 0U);
}

TEST(SimNetwork, TheReceiveQueueHoldsSoManyAndCountsTheRest) {
  SimNetwork network(1);
  EchoHost host;
  network.AddHost(kServer4, host);
  SimTransportOptions options = LabOptions();
  options.receive_queue = 10;
  SimTransport transport(network, options);
  SendText(transport, kServer4, "x", 0, StreamIndex::kNone, 13);
  transport.Flush();
  network.AdvanceTo(Instant(milliseconds(50)));
  std::vector<KeptEvent> events;
  Collect(transport, events);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].text.size(), 10U);
  EXPECT_EQ(events[1].event.kind, Kind::kDrops);
  EXPECT_EQ(events[1].event.count, 3U);
  EXPECT_EQ(transport.stats().receive_drops, 3U);
}

TEST(SimNetwork, BackPressureFillsTheOutboxUntilItIsGivenBack) {
  SimNetwork network(1);
  EchoHost host;
  network.AddHost(kServer4, host);
  SimFaults faults;
  faults.back_pressure = 1;
  faults.back_pressure_hold = milliseconds(20);
  network.SetFaults(faults);
  SimTransportOptions options = LabOptions();
  options.max_bursts = 4;
  SimTransport transport(network, options);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(SendText(transport, kServer4, "x"));
  EXPECT_FALSE(SendText(transport, kServer4, "x"));
  transport.Flush();
  EXPECT_FALSE(SendText(transport, kServer4, "x"));
  network.AdvanceTo(Instant(milliseconds(20)));
  EXPECT_TRUE(SendText(transport, kServer4, "x"));
  EXPECT_EQ(host.seen.size(), 4U);
}

TEST(SimNetwork, SpoofedAndCorruptDatagramsAreMarkedForTheTap) {
  SimNetwork network(3);
  EchoHost host;
  network.AddHost(kServer4, host);
  WritingTap tap;
  network.SetTap(&tap);
  network.SetCorrupt([](SimRandom&, std::vector<uint8_t>& bytes) {
    bytes[0] = '?';
    return true;
  });
  network.SetSpoof(
      [](SimRandom&, const Endpoint&, const Endpoint& to, std::span<const uint8_t>, SimSpoofed& out) {
        out.source = to;
        out.source.port = 99;
        out.bytes = {'e'};
        return true;
      });
  SimFaults faults;
  faults.spoof = 1;
  faults.corrupt_reply = 1;
  network.SetFaults(faults);
  SimTransport transport(network, LabOptions());
  SendText(transport, kServer4, "xy");
  const std::vector<KeptEvent> events = RunDry(network, transport);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].event.server.port, 99);
  EXPECT_EQ(events[1].text, "?y");
  EXPECT_EQ(tap.origins[static_cast<size_t>(SimOrigin::kSpoofed)], 1U);
  EXPECT_EQ(tap.origins[static_cast<size_t>(SimOrigin::kCorrupt)], 1U);
  EXPECT_EQ(tap.log.front(), "0 0 10.0.0.1:1000 > 192.0.2.1:53 xy");
}

// A conversation of several transports under every fault; what the tap saw.
std::vector<std::string> RunAllFaults(uint64_t seed, SimCounters& counters) {
  SimNetwork network(seed);
  WritingTap tap;
  network.SetTap(&tap);
  EchoHost host;
  network.AddHost(kServer4, host);
  network.AddHost(kServer6, host);
  SimFaults faults;
  faults.max_delay = milliseconds(30);
  faults.slow = faults.drop_query = faults.drop_reply = faults.duplicate_query = faults.duplicate_reply = 0.1;
  faults.corrupt_reply = faults.spoof = faults.send_failure = faults.queue_overflow = faults.back_pressure =
      0.1;
  faults.stream_close = faults.stream_refusal = faults.stream_reset = faults.stream_silence = 0.1;
  faults.icmp = 0.5;
  network.SetFaults(faults);
  network.SetCorrupt([](SimRandom& random, std::vector<uint8_t>& bytes) {
    bytes[random.Below(bytes.size())] = '?';
    return true;
  });
  network.SetSpoof([](SimRandom& random, const Endpoint& from, const Endpoint&, std::span<const uint8_t>,
                      SimSpoofed& out) {
    out.destination = from;
    out.destination.port = static_cast<uint16_t>(1000 + random.Below(20));  // 16 of them are bound.
    out.bytes = {'e'};
    return true;
  });
  SimTransport first(network, LabOptions(1));
  SimTransport second(network, LabOptions(2));
  const Endpoint servers[] = {kServer4, kServer6, kNobody};
  for (int round = 0; round < 300; ++round) {
    for (SimTransport* transport : {&first, &second}) {
      const Endpoint& server = servers[static_cast<size_t>(round) % 3];
      SendText(*transport, server, "q" + std::to_string(round), static_cast<uint16_t>(round % 16));
      if (round % 4 == 0) {
        const StreamIndex stream = transport->outbox().OpenStream(server);
        if (stream != StreamIndex::kNone)
          SendText(*transport, server, "s" + std::to_string(round), 0, stream);
      }
      transport->Wait({});
    }
    network.AdvanceTo(network.now() + milliseconds(3));
  }
  while (network.NextEvent() != Instant::max()) network.AdvanceTo(network.NextEvent());
  first.Wait({});
  second.Wait({});
  counters = network.counters();
  return tap.log;
}

TEST(SimNetwork, OneSeedGivesOneHistoryAndAnotherSeedAnother) {
  SimCounters counters;
  const std::vector<std::string> history = RunAllFaults(5, counters);
  EXPECT_EQ(history, RunAllFaults(5, counters));
  EXPECT_NE(history, RunAllFaults(6, counters));
}

TEST(SimNetwork, AllFaultsOccurTogether) {
  SimCounters c;
  RunAllFaults(11, c);
  for (const uint64_t count :
       {c.slow, c.reordered, c.queries_dropped, c.replies_dropped, c.queries_duplicated, c.replies_duplicated,
        c.corrupted, c.spoofed, c.send_failures, c.queue_overflows, c.unreachable, c.streams_refused,
        c.streams_silent, c.streams_reset, c.streams_closed, c.back_pressure, c.misaddressed}) {
    EXPECT_GT(count, 0U);
  }
}

TEST(SimNetwork, WhatIsUnderWayToATransportThatIsGoneIsDropped) {
  SimNetwork network(1);
  EchoHost host;
  network.AddHost(kServer4, host);
  {
    SimTransport transport(network, LabOptions());
    SendText(transport, kServer4, "x");
    SendText(transport, kServer4, "y", 0, transport.outbox().OpenStream(kServer4));
    transport.Flush();
  }
  network.AdvanceTo(Instant(milliseconds(100)));
  EXPECT_EQ(host.seen.size(), 1U);
  EXPECT_EQ(network.counters().misaddressed, 1U);
  SimTransport again(network, LabOptions());  // Its sources are free again.
  EXPECT_TRUE(RunDry(network, again).empty());
}

}  // namespace
}  // namespace netio
