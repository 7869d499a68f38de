#include "netio/outbox.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

namespace netio {
namespace {

// Reserves and sends one datagram of `octets` octets.
bool SendOne(Outbox& outbox, uint16_t octets, uint8_t fill = 0) {
  const std::span<uint8_t> bytes = outbox.Reserve(octets);
  if (bytes.empty()) return false;
  std::fill(bytes.begin(), bytes.end(), fill);
  outbox.Send({.segment = octets, .bytes = bytes});
  return true;
}

TEST(OutboxTest, WholeArenaAndOneOctetMore) {
  Outbox outbox(1024, 4);
  EXPECT_TRUE(outbox.Reserve(1025).empty());
  EXPECT_EQ(outbox.Reserve(1024).size(), 1024U);
  EXPECT_TRUE(outbox.Reserve(0).empty());
}

TEST(OutboxTest, FillsToTheLastOctet) {
  Outbox outbox(1024, 16);
  EXPECT_TRUE(SendOne(outbox, 1000));
  EXPECT_FALSE(SendOne(outbox, 25));
  EXPECT_TRUE(SendOne(outbox, 24));
  EXPECT_FALSE(SendOne(outbox, 1));
  outbox.GiveBack(outbox.Take());
  EXPECT_FALSE(SendOne(outbox, 1001));
  EXPECT_TRUE(SendOne(outbox, 1000));
}

TEST(OutboxTest, FullListOfBursts) {
  Outbox outbox(1024, 3);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(SendOne(outbox, 1));
  EXPECT_FALSE(SendOne(outbox, 1));
  const Outbox::Ticket first = outbox.Take();
  EXPECT_FALSE(SendOne(outbox, 1));
  outbox.GiveBack(first);
  EXPECT_TRUE(SendOne(outbox, 1));
}

TEST(OutboxTest, PrefixOfAReservationGivesBackTheRest) {
  Outbox outbox(1024, 4);
  const std::span<uint8_t> bytes = outbox.Reserve(1024);
  outbox.Send({.segment = 10, .bytes = bytes.first(20)});
  EXPECT_TRUE(SendOne(outbox, 1004));
}

TEST(OutboxTest, SecondReservationReplacesTheFirst) {
  Outbox outbox(1024, 4);
  const std::span<uint8_t> first = outbox.Reserve(100);
  const std::span<uint8_t> second = outbox.Reserve(200);
  EXPECT_EQ(first.data(), second.data());
}

TEST(OutboxTest, ReservationsNeverCrossTheEnd) {
  Outbox outbox(1024, 8);
  EXPECT_TRUE(SendOne(outbox, 600));
  EXPECT_TRUE(SendOne(outbox, 200));
  outbox.GiveBack(outbox.Take());
  // 224 octets are left at the end: 300 start over at the beginning, where 600 are free.
  const std::span<uint8_t> wrapped = outbox.Reserve(300);
  ASSERT_EQ(wrapped.size(), 300U);
  EXPECT_EQ(wrapped.data() + 600, outbox.burst(outbox.Take()).bytes.data());
  EXPECT_TRUE(outbox.Reserve(601).empty());
  EXPECT_EQ(outbox.Reserve(600).size(), 600U);
}

TEST(OutboxTest, OldestBurstHoldsTheTail) {
  Outbox outbox(1024, 8);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(SendOne(outbox, 256));
  std::vector<Outbox::Ticket> tickets;
  while (outbox.queued() > 0) tickets.push_back(outbox.Take());
  outbox.GiveBack(tickets[2]);
  outbox.GiveBack(tickets[1]);
  EXPECT_FALSE(SendOne(outbox, 1));
  outbox.GiveBack(tickets[0]);
  EXPECT_FALSE(SendOne(outbox, 769));
  EXPECT_TRUE(SendOne(outbox, 768));
}

TEST(OutboxTest, BurstsKeepTheirOrderAndBytesWhenGivenBackInAnyOrder) {
  std::mt19937 random(7);
  Outbox outbox(4096, 32);
  std::vector<std::pair<Outbox::Ticket, uint8_t>> taken;
  std::deque<uint8_t> expected;
  uint8_t next = 0;
  size_t sent = 0;
  size_t refused = 0;
  while (sent < 100'000) {
    const auto octets = static_cast<uint16_t>(1 + random() % 700);
    if (SendOne(outbox, octets, next)) {
      expected.push_back(next++);
      ++sent;
    } else {
      ++refused;
      ASSERT_FALSE(expected.empty() && taken.empty());
    }
    while (outbox.queued() > 0 && random() % 3 != 0) {
      taken.emplace_back(outbox.Take(), expected.front());
      expected.pop_front();
    }
    while (!taken.empty() && random() % 3 != 0) {
      std::swap(taken[random() % taken.size()], taken.back());
      const auto [ticket, fill] = taken.back();
      const std::span<const uint8_t> bytes = outbox.burst(ticket).bytes;
      ASSERT_TRUE(
          std::all_of(bytes.begin(), bytes.end(), [value = fill](uint8_t octet) { return octet == value; }));
      outbox.GiveBack(ticket);
      taken.pop_back();
    }
  }
  EXPECT_GT(refused, 0U);
}

TEST(OutboxTest, RemembersARefusalOnce) {
  Outbox outbox(1024, 1);
  EXPECT_TRUE(SendOne(outbox, 1));
  EXPECT_FALSE(outbox.TakeRefused());
  EXPECT_FALSE(SendOne(outbox, 1));
  EXPECT_TRUE(outbox.TakeRefused());
  EXPECT_FALSE(outbox.TakeRefused());
}

TEST(OutboxTest, StreamsAreUsedAgainOnlyWhenFreed) {
  Outbox outbox(1024, 1, 2);
  const StreamIndex first = outbox.OpenStream({.port = 1});
  const StreamIndex second = outbox.OpenStream({.port = 2});
  EXPECT_NE(first, second);
  EXPECT_EQ(outbox.OpenStream({.port = 3}), StreamIndex::kNone);
  outbox.CloseStream(first);
  outbox.CloseStream(first);
  EXPECT_EQ(outbox.OpenStream({.port = 3}), StreamIndex::kNone);
  const std::span<const Outbox::StreamCommand> commands = outbox.stream_commands();
  ASSERT_EQ(commands.size(), 3U);
  EXPECT_TRUE(commands[0].open && commands[1].open && !commands[2].open);
  EXPECT_EQ(commands[1].stream, second);
  EXPECT_EQ(commands[1].server.port, 2);
  EXPECT_EQ(commands[2].stream, first);
  outbox.ClearStreamCommands();
  EXPECT_TRUE(outbox.stream_commands().empty());
  outbox.FreeStream(first);
  EXPECT_EQ(outbox.OpenStream({.port = 3}), first);
}

}  // namespace
}  // namespace netio
