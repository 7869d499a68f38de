#include "scanner/core/forward_table.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/codec/dns/response.h"

namespace scanner {
namespace {

using codec::dns::WireName;
using netio::Instant;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Instant kNow{std::chrono::hours(1)};

class ForwardTableTest : public testing::Test {
 protected:
  EntryIndex Intern(const std::string& name, bool ipv6 = false, Instant now = kNow) {
    EXPECT_TRUE(table_.MakeRoom(1)) << name;
    const ForwardTable::Interned interned = table_.Intern(WireName(name), ipv6, now);
    fresh_ = interned.fresh;
    return interned.entry;
  }
  // Interned, asked, linked to `target` and answered with one address.
  LinkIndex Known(const std::string& name, uint32_t target, Instant now = kNow) {
    const EntryIndex entry = Intern(name, false, now);
    table_[entry].state = EntryState::kPending;
    const LinkIndex link = table_.AddLink(entry, target, LinkIndex::kNone);
    const std::vector<uint8_t> address = {192, 0, 2, 1};
    EXPECT_TRUE(table_.SetAddresses(table_[entry], address, 1));
    EXPECT_EQ(table_.Complete(entry, now), link);
    return link;
  }

  BlobPool blobs_{400};
  ForwardTable table_{{.entries = 16, .links = 24}, 7, blobs_};
  bool fresh_ = false;
};

TEST_F(ForwardTableTest, OneEntryForANameHoweverManyTargetsShareIt) {
  const EntryIndex entry = Intern("host.example.");
  EXPECT_TRUE(fresh_);
  table_[entry].state = EntryState::kPending;
  std::set<uint32_t> waiting;
  for (uint32_t target = 0; target < 8; ++target) {
    EXPECT_EQ(Intern("host.example."), entry);
    EXPECT_EQ(fresh_, false) << target;
    table_.AddLink(entry, target, LinkIndex::kNone);
    waiting.insert(target);
  }
  EXPECT_EQ(table_.links_in_use(), 8U);
  for (LinkIndex link = table_.Complete(entry, kNow); link != LinkIndex::kNone;
       link = table_[link].next_waiter) {
    EXPECT_EQ(table_[link].entry, entry);
    EXPECT_EQ(waiting.erase(table_[link].target), 1U);
  }
  EXPECT_TRUE(waiting.empty());
  // Who comes later reads it, and waits no more.
  table_.AddLink(Intern("host.example."), 9, LinkIndex::kNone);
  EXPECT_EQ(table_.Complete(entry, kNow), LinkIndex::kNone);
}

TEST_F(ForwardTableTest, NamesThatDifferInAnythingAreDifferent) {
  const std::vector<std::pair<std::string, bool>> names = {{"host.example.", false},
                                                           {"host.example.", true},
                                                           {"host.example2.", false},
                                                           {"hos.texample.", false},
                                                           {"hostexample.", false},
                                                           {"example.", false},
                                                           {".", false},
                                                           {"iost.example.", false}};
  std::set<EntryIndex> entries;
  for (const auto& [name, ipv6] : names) {
    entries.insert(Intern(name, ipv6));
    EXPECT_TRUE(fresh_) << name;
  }
  EXPECT_EQ(entries.size(), names.size());
  for (const auto& [name, ipv6] : names) {
    const EntryIndex entry = Intern(name, ipv6);
    EXPECT_FALSE(fresh_) << name;
    EXPECT_EQ(table_[entry].ipv6, ipv6);
    std::vector<uint8_t> scratch(255);
    const codec::dns::NameView stored = table_.NameOf(table_[entry], scratch);
    EXPECT_EQ(std::vector<uint8_t>(stored.begin(), stored.end()), WireName(name));
  }
}

TEST_F(ForwardTableTest, LinksOfATargetKeepTheirOrder) {
  LinkIndex links = LinkIndex::kNone;
  for (const char* name : {"c.", "b.", "a."}) links = table_.AddLink(Intern(name), 5, links);
  std::string order;
  std::vector<uint8_t> scratch(255);
  for (LinkIndex link = links; link != LinkIndex::kNone; link = table_[link].next_of_target) {
    order += codec::dns::ToString(table_.NameOf(table_[table_[link].entry], scratch));
    EXPECT_EQ(table_[link].target, 5U);
  }
  EXPECT_EQ(order, "abc");
  table_.DropLinks(links);
  EXPECT_EQ(table_.links_in_use(), 0U);
  table_.DropLinks(LinkIndex::kNone);
}

TEST_F(ForwardTableTest, ResultsServeOthersForFiveMinutes) {
  table_.DropLinks(Known("host.example.", 1));
  const EntryIndex kept = Intern("host.example.", false, kNow + minutes(5));
  EXPECT_FALSE(fresh_);
  EXPECT_EQ(table_[kept].address_count, 1U);
  const EntryIndex asked_again = Intern("host.example.", false, kNow + minutes(5) + netio::Duration(1));
  EXPECT_TRUE(fresh_);
  EXPECT_EQ(table_[asked_again].address_count, 0U);
}

TEST_F(ForwardTableTest, WhoHasAnOldResultKeepsIt) {
  const LinkIndex old_link = Known("host.example.", 1);
  const EntryIndex old_entry = table_[old_link].entry;
  const EntryIndex entry = Intern("host.example.", false, kNow + minutes(6));
  EXPECT_TRUE(fresh_);
  EXPECT_NE(entry, old_entry);
  const LinkIndex link = table_.AddLink(entry, 2, LinkIndex::kNone);
  EXPECT_EQ(table_[old_entry].address_count, 1U);
  const uint32_t free = blobs_.free();
  table_.DropLinks(old_link);
  EXPECT_EQ(blobs_.free(), free + 2) << "name and address of the old entry go with its last link";
  EXPECT_EQ(Intern("host.example.", false, kNow + minutes(6)), entry);
  table_.DropLinks(link);
}

TEST_F(ForwardTableTest, RoomIsMadeByTheLongestUnused) {
  for (int i = 0; i < 16; ++i) table_.DropLinks(Known("host" + std::to_string(i) + ".", 1));
  // Used again, so that it is no longer the longest unused.
  const ForwardTable::Interned again = table_.Intern(WireName("host0."), false, kNow);
  ASSERT_FALSE(again.fresh);
  table_.DropLinks(table_.AddLink(again.entry, 2, LinkIndex::kNone));
  ASSERT_TRUE(table_.MakeRoom(3));
  for (int i = 0; i < 3; ++i) {
    Intern("new" + std::to_string(i) + ".");
    EXPECT_TRUE(fresh_);
  }
  for (int i = 4; i < 16; ++i) {
    ASSERT_FALSE(table_.Intern(WireName("host" + std::to_string(i) + "."), false, kNow).fresh) << i;
  }
  EXPECT_FALSE(table_.Intern(WireName("host0."), false, kNow).fresh);
}

TEST_F(ForwardTableTest, WhatWasNeverAskedGoesWithItsLastLink) {
  const LinkIndex link = table_.AddLink(Intern("host."), 1, LinkIndex::kNone);
  const LinkIndex other = table_.AddLink(Intern("host."), 2, LinkIndex::kNone);
  table_.DropLinks(link);
  EXPECT_FALSE(table_.Intern(WireName("host."), false, kNow).fresh);
  table_.DropLinks(other);
  EXPECT_EQ(table_.Occupation(), 0.0);
  EXPECT_TRUE(table_.Intern(WireName("host."), false, kNow).fresh);
}

TEST_F(ForwardTableTest, WhatIsInUseIsNeverEvicted) {
  std::vector<LinkIndex> links;
  links.reserve(16);
  for (int i = 0; i < 16; ++i) links.push_back(Known("host" + std::to_string(i) + ".", 1));
  EXPECT_EQ(table_.Occupation(), 1.0);
  EXPECT_FALSE(table_.MakeRoom(1));
  table_.DropLinks(links[7]);
  EXPECT_TRUE(table_.MakeRoom(1));
  EXPECT_FALSE(table_.MakeRoom(2));
}

TEST_F(ForwardTableTest, LinksAreBoundedToo) {
  const EntryIndex entry = Intern("host.example.");
  LinkIndex links = LinkIndex::kNone;
  for (uint32_t i = 0; i < 23; ++i) links = table_.AddLink(entry, 1, links);
  EXPECT_TRUE(table_.MakeRoom(1));
  EXPECT_FALSE(table_.MakeRoom(2));
  links = table_.AddLink(entry, 1, links);
  EXPECT_FALSE(table_.MakeRoom(1));
  EXPECT_EQ(table_.Occupation(), 1.0);
  table_.DropLinks(links);
  EXPECT_EQ(table_.Occupation(), 0.0);
}

TEST_F(ForwardTableTest, AddressesThatDoNotFitAreRefusedAndOthersMakeRoom) {
  const EntryIndex entry = Intern("host.example.");
  const LinkIndex link = table_.AddLink(entry, 1, LinkIndex::kNone);
  const std::vector<uint8_t> too_many((blobs_.free() + 1) * BlobPool::kChunkOctets);
  EXPECT_FALSE(table_.SetAddresses(table_[entry], too_many, static_cast<uint32_t>(too_many.size() / 4)));
  EXPECT_EQ(table_[entry].address_count, 0U);
  table_.DropLinks(Known("other.example.", 2));
  // One chunk more than is free: the unused entry goes.
  const std::vector<uint8_t> many((blobs_.free() + 1) * BlobPool::kChunkOctets);
  EXPECT_TRUE(table_.SetAddresses(table_[entry], many, static_cast<uint32_t>(many.size() / 4)));
  table_.Complete(entry, kNow);
  table_.DropLinks(link);
}

TEST_F(ForwardTableTest, QueueGivesEntriesInTheirOrder) {
  EXPECT_FALSE(table_.HasQueued());
  const EntryIndex first = Intern("a.");
  const EntryIndex second = Intern("b.");
  table_.Enqueue(second);
  table_.Enqueue(first);
  EXPECT_EQ(table_.PopQueued(), second);
  EXPECT_TRUE(table_.HasQueued());
  EXPECT_EQ(table_.PopQueued(), first);
  EXPECT_FALSE(table_.HasQueued());
}

TEST_F(ForwardTableTest, NothingIsLostOverManyTargets) {
  const uint32_t free = blobs_.free();
  std::mt19937_64 random(1);
  std::vector<LinkIndex> targets(6, LinkIndex::kNone);
  Instant now = kNow;
  for (int step = 0; step < 20'000; ++step) {
    now += seconds(random() % 20);
    LinkIndex& links = targets[random() % targets.size()];
    if (links != LinkIndex::kNone) {
      table_.DropLinks(links);
      links = LinkIndex::kNone;
      continue;
    }
    for (uint64_t names = 1 + random() % 3; names > 0 && table_.MakeRoom(1); --names) {
      const std::string name = "host" + std::to_string(random() % 40) + ".";
      const EntryIndex entry = Intern(name, random() % 2 == 0, now);
      if (fresh_) {
        table_[entry].state = EntryState::kPending;
        const std::vector<uint8_t> address(random() % 200, 1);
        table_.SetAddresses(table_[entry], address, static_cast<uint32_t>(address.size() / 4));
        table_.Complete(entry, now);
      }
      links = table_.AddLink(entry, 0, links);
    }
  }
  for (const LinkIndex links : targets) table_.DropLinks(links);
  EXPECT_EQ(table_.links_in_use(), 0U);
  EXPECT_EQ(table_.Occupation(), 0.0);
  // Everything can be evicted, which gives all memory back.
  EXPECT_TRUE(table_.MakeRoom(16));
  EXPECT_EQ(blobs_.free(), free);
}

}  // namespace
}  // namespace scanner
