#include "scanner/row/row_block.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace scanner {
namespace {

using Octets = std::vector<uint8_t>;

// What a row is made of, to be compared after its way through a block.
struct Content {
  RowHeader header;
  std::vector<Octets> names;
  std::vector<Octets> addresses;
  Octets alias_target;
  Octets zone;
};

Octets LongName() {
  Octets name;
  for (const size_t length : {63, 63, 63, 61}) {
    name.push_back(static_cast<uint8_t>(length));
    name.insert(name.end(), length, 'x');
  }
  name.push_back(0);
  return name;  // 255 octets.
}

Content MakeContent(size_t names, size_t addresses, uint8_t address_octets, bool alias, bool zone) {
  Content content;
  for (size_t i = 0; i < names; ++i) content.names.push_back(i % 2 == 0 ? LongName() : Octets{0});
  for (size_t i = 0; i < addresses; ++i)
    content.addresses.emplace_back(address_octets, static_cast<uint8_t>(i));
  if (alias) content.alias_target = {1, 'a', 0};
  if (zone) content.zone = {0};
  RowHeader& header = content.header;
  header.names = static_cast<uint16_t>(names);
  header.forward_addresses = static_cast<uint32_t>(addresses);
  header.address_octets = address_octets;
  header.has_alias_target = alias;
  header.has_zone = zone;
  header.block = 0x123456789ABCDEF0;
  header.observed_at = 1'769'904'000'000'000;
  header.confirmed = names == 64 ? ~uint64_t{0} : (uint64_t{1} << names) - 1;
  header.offset = 255;
  header.ptr_ttl = 0x7FFFFFFF;
  header.authoritative = 1;
  return content;
}

void Append(const Content& content, RowBlock& block) {
  block.Begin(content.header);
  for (const Octets& name : content.names) block.AppendName(name);
  for (const Octets& address : content.addresses) block.AppendAddress(address);
  if (content.header.has_alias_target) block.AppendName(content.alias_target);
  if (content.header.has_zone) block.AppendName(content.zone);
  block.End();
}

void ExpectSame(const Content& content, const RowView& view) {
  EXPECT_EQ(view.header.block, content.header.block);
  EXPECT_EQ(view.header.observed_at, content.header.observed_at);
  EXPECT_EQ(view.header.confirmed, content.header.confirmed);
  EXPECT_EQ(view.header.offset, content.header.offset);
  EXPECT_EQ(view.header.ptr_ttl, content.header.ptr_ttl);
  EXPECT_EQ(view.header.forward_ttl, RowHeader::kNull);
  EXPECT_EQ(view.header.authoritative, 1);
  ASSERT_EQ(view.header.names, content.names.size());
  for (size_t i = 0; i < content.names.size(); ++i) {
    EXPECT_EQ(Octets(view.names[i].begin(), view.names[i].end()), content.names[i]);
  }
  Octets addresses;
  for (const Octets& address : content.addresses)
    addresses.insert(addresses.end(), address.begin(), address.end());
  EXPECT_EQ(Octets(view.forward_addresses.begin(), view.forward_addresses.end()), addresses);
  EXPECT_EQ(Octets(view.alias_target.begin(), view.alias_target.end()), content.alias_target);
  EXPECT_EQ(Octets(view.zone.begin(), view.zone.end()), content.zone);
}

TEST(RowBlock, GivesBackWhatWasAppended) {
  const std::vector<Content> contents = {
      MakeContent(0, 0, 4, false, false),     MakeContent(1, 1, 4, false, true),
      MakeContent(64, 200, 16, true, true),   MakeContent(2, 0, 16, true, false),
      MakeContent(63, 70'000, 4, true, true), MakeContent(0, 0, 16, false, true),
  };
  RowBlock block;
  EXPECT_TRUE(block.empty());
  for (const Content& content : contents) Append(content, block);
  EXPECT_EQ(block.rows(), contents.size());
  size_t position = 0;
  RowView view;
  for (const Content& content : contents) {
    ASSERT_TRUE(block.Read(position, view));
    ExpectSame(content, view);
  }
  EXPECT_FALSE(block.Read(position, view));
  EXPECT_EQ(position, block.bytes());
}

TEST(RowBlock, EmptyBlockHasNoRow) {
  const RowBlock block;
  size_t position = 0;
  RowView view;
  EXPECT_FALSE(block.Read(position, view));
  EXPECT_EQ(block.rows(), 0U);
  EXPECT_EQ(block.bytes(), 0U);
}

TEST(RowBlock, HasRoomUntilOrdinaryRowsNoLongerFit) {
  RowBlock block;
  const Content ordinary = MakeContent(1, 1, 4, false, true);
  size_t rows = 0;
  while (block.HasRoom()) {
    Append(ordinary, block);
    ++rows;
  }
  EXPECT_EQ(block.rows(), rows);
  EXPECT_LE(block.bytes(), RowBlock::kBytes);
  EXPECT_GT(block.bytes(), RowBlock::kBytes - 8192);
}

TEST(RowBlock, ARowMayBeLargerThanABlock) {
  RowBlock block;
  const Content huge = MakeContent(0, RowBlock::kBytes / 16 + 1, 16, false, false);
  Append(huge, block);
  EXPECT_GT(block.bytes(), RowBlock::kBytes);
  EXPECT_FALSE(block.HasRoom());
  size_t position = 0;
  RowView view;
  ASSERT_TRUE(block.Read(position, view));
  ExpectSame(huge, view);
  block.Clear();
  EXPECT_TRUE(block.empty());
  EXPECT_TRUE(block.HasRoom());
}

TEST(RowBlock, AppendRowsKeepsBoth) {
  RowBlock first;
  RowBlock second;
  const Content one = MakeContent(1, 0, 4, false, false);
  const Content two = MakeContent(2, 3, 16, true, true);
  Append(one, first);
  Append(two, second);
  first.AppendRows(second);
  EXPECT_EQ(first.rows(), 2U);
  size_t position = 0;
  RowView view;
  ASSERT_TRUE(first.Read(position, view));
  ExpectSame(one, view);
  ASSERT_TRUE(first.Read(position, view));
  ExpectSame(two, view);
  EXPECT_FALSE(first.Read(position, view));
}

TEST(RowBlockDeathTest, RefusesRowsThatAreNotWhatTheirHeaderSays) {
  RowHeader one_name;
  one_name.names = 1;
  const Octets root = {0};
  const Octets address = {192, 0, 2, 1};
  RowBlock block;
  EXPECT_DEATH(
      {
        block.Begin(one_name);
        block.End();
      },
      "names_due_");
  EXPECT_DEATH(
      {
        block.Begin({});
        block.AppendName(root);
      },
      "names_due_");
  EXPECT_DEATH(
      {
        block.Begin({});
        block.AppendAddress(address);
      },
      "addresses_due_");
  RowHeader too_many;
  too_many.names = RowHeader::kMaxNames + 1;
  EXPECT_DEATH(block.Begin(too_many), "kMaxNames");
}

}  // namespace
}  // namespace scanner
