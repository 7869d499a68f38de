#include "scanner/core/in_flight.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace scanner {
namespace {

using netio::Family;
using netio::LocalPort;

Channel V4Port(uint16_t port) { return Channel::Datagram(Family::kIpv4, LocalPort{port}); }

bool Contains(const InFlight& in_flight, Channel channel, uint16_t id) {
  return in_flight.Find(channel, id) != QueryIndex::kNone;
}

TEST(ChannelTest, PortsOfBothFamiliesAndStreamsAllDiffer) {
  std::set<uint16_t> values;
  for (uint16_t i = 0; i < 300; ++i) {
    values.insert(V4Port(i).value());
    values.insert(Channel::Datagram(Family::kIpv6, LocalPort{i}).value());
    values.insert(Channel::Stream(netio::StreamIndex{i}).value());
    EXPECT_FALSE(V4Port(i).is_stream());
    EXPECT_FALSE(Channel::Datagram(Family::kIpv6, LocalPort{i}).is_stream());
    EXPECT_TRUE(Channel::Stream(netio::StreamIndex{i}).is_stream());
  }
  EXPECT_EQ(values.size(), 900U);
}

TEST(InFlightTest, FindsWhatWasClaimedThereAndNowhereElse) {
  InFlight in_flight(8, 8);
  const QueryIndex query = in_flight.Claim(V4Port(3), 0xBEEF);
  EXPECT_EQ(in_flight.Find(V4Port(3), 0xBEEF), query);
  EXPECT_EQ(in_flight[query].id(), 0xBEEF);
  EXPECT_EQ(in_flight[query].channel().value(), V4Port(3).value());
  EXPECT_EQ(in_flight.Find(V4Port(3), 0xBEEE), QueryIndex::kNone);
  EXPECT_EQ(in_flight.Find(V4Port(2), 0xBEEF), QueryIndex::kNone);
  EXPECT_EQ(in_flight.Find(Channel::Datagram(Family::kIpv6, LocalPort{3}), 0xBEEF), QueryIndex::kNone);
  EXPECT_EQ(in_flight.Find(Channel::Stream(netio::StreamIndex{3}), 0xBEEF), QueryIndex::kNone);
  in_flight.Release(query);
  EXPECT_FALSE(Contains(in_flight, V4Port(3), 0xBEEF));
  EXPECT_EQ(in_flight.size(), 0U);
}

TEST(InFlightTest, TwoQueriesNeverShareChannelAndId) {
  InFlight in_flight(8, 8);
  const QueryIndex query = in_flight.Claim(V4Port(3), 7);
  EXPECT_EQ(in_flight.Claim(V4Port(3), 7), QueryIndex::kNone);
  EXPECT_EQ(in_flight.size(), 1U);
  EXPECT_NE(in_flight.Claim(V4Port(4), 7), QueryIndex::kNone);
  EXPECT_NE(in_flight.Claim(V4Port(3), 8), QueryIndex::kNone);
  EXPECT_EQ(in_flight.Find(V4Port(3), 7), query);
}

TEST(InFlightTest, HoldsAQueryUntilItIsReleased) {
  InFlight in_flight(8, 8);
  const QueryIndex query = in_flight.Claim(V4Port(3), 7);
  EXPECT_TRUE(in_flight.Holds(query, V4Port(3), 7));
  EXPECT_FALSE(in_flight.Holds(query, V4Port(2), 7));
  EXPECT_FALSE(in_flight.Holds(query, V4Port(3), 6));
  in_flight.Release(query);
  EXPECT_FALSE(in_flight.Holds(query, V4Port(3), 7));
  // The slot is another's now.
  ASSERT_EQ(in_flight.Claim(V4Port(3), 9), query);
  EXPECT_FALSE(in_flight.Holds(query, V4Port(3), 7));
}

TEST(InFlightTest, ASlotBeginsClean) {
  InFlight in_flight(1, 1);
  const QueryIndex first = in_flight.Claim(V4Port(0), 1);
  in_flight[first].edns = true;
  in_flight[first].in_window = true;
  in_flight[first].next = QueryIndex{7};
  in_flight.Release(first);
  EXPECT_FALSE(in_flight[first].used);
  const QueryIndex second = in_flight.Claim(V4Port(0), 2);
  EXPECT_TRUE(in_flight[second].used);
  EXPECT_FALSE(in_flight[second].edns);
  EXPECT_FALSE(in_flight[second].in_window);
  EXPECT_EQ(in_flight[second].next, QueryIndex::kNone);
}

TEST(InFlightTest, IsFullAtItsCapacityAndNotBefore) {
  for (const uint32_t capacity : {1U, 2U, 3U, 8U, 1000U}) {
    InFlight in_flight(capacity, 1);
    std::set<QueryIndex> slots;
    for (uint32_t i = 0; i < capacity; ++i) {
      EXPECT_FALSE(in_flight.full());
      slots.insert(in_flight.Claim(V4Port(0), static_cast<uint16_t>(i)));
    }
    EXPECT_TRUE(in_flight.full());
    EXPECT_EQ(slots.size(), capacity) << "two queries share a slot";
    EXPECT_EQ(in_flight.size(), in_flight.capacity());
    in_flight.Release(*slots.begin());
    EXPECT_FALSE(in_flight.full());
  }
}

// Claims and releases at random; after each the table must say what a map says.
void CompareWithMap(uint32_t capacity, uint32_t expected, uint32_t keys, uint64_t seed, int steps) {
  std::mt19937_64 random(seed);
  InFlight in_flight(capacity, expected);
  std::map<std::pair<uint16_t, uint16_t>, QueryIndex> model;
  for (int step = 0; step < steps; ++step) {
    const uint64_t key = random() % keys;
    const auto port = static_cast<uint16_t>(key % 5);
    const auto id = static_cast<uint16_t>(key / 5);
    const auto found = model.find({port, id});
    ASSERT_EQ(in_flight.Find(V4Port(port), id), found == model.end() ? QueryIndex::kNone : found->second);
    if (found != model.end()) {
      in_flight.Release(found->second);
      model.erase(found);
    } else if (!in_flight.full()) {
      model[{port, id}] = in_flight.Claim(V4Port(port), id);
    }
    ASSERT_EQ(in_flight.size(), model.size());
    ASSERT_EQ(in_flight.full(), model.size() == capacity);
    if (step % 64 != 0) continue;
    std::set<QueryIndex> slots;
    for (const auto& [where, slot] : model) {
      ASSERT_EQ(in_flight.Find(V4Port(where.first), where.second), slot);
      ASSERT_TRUE(in_flight[slot].used);
      ASSERT_TRUE(slots.insert(slot).second);
    }
  }
}

TEST(InFlightTest, AgreesWithAMap) {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    // Tables of a few entries, so that runs of collisions wrap around the end all the time.
    for (const uint32_t capacity : {1U, 2U, 3U, 5U, 8U}) CompareWithMap(capacity, 1, 40, seed, 10'000);
    CompareWithMap(64, 64, 150, seed, 20'000);
    // The table grows on the way.
    CompareWithMap(1000, 10, 3000, seed, 20'000);
    CompareWithMap(1000, 1000, 3000, seed, 20'000);
  }
}

TEST(InFlightTest, RemovalLosesNobodyInALongRun) {
  // Half full is as full as the table gets: release every one in turn and look all others up.
  constexpr uint32_t kCapacity = 512;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    std::mt19937_64 random(seed);
    InFlight in_flight(kCapacity, kCapacity);
    std::map<uint16_t, QueryIndex> model;
    while (!in_flight.full()) {
      const auto id = static_cast<uint16_t>(random());
      const QueryIndex query = in_flight.Claim(V4Port(1), id);
      if (query != QueryIndex::kNone) model[id] = query;
    }
    while (!model.empty()) {
      const auto victim = std::next(model.begin(), static_cast<int64_t>(random() % model.size()));
      in_flight.Release(victim->second);
      EXPECT_FALSE(Contains(in_flight, V4Port(1), victim->first));
      model.erase(victim);
      for (const auto& [id, slot] : model) ASSERT_EQ(in_flight.Find(V4Port(1), id), slot);
    }
  }
}

}  // namespace
}  // namespace scanner
