#include "scanner/row/row_channel.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace scanner {
namespace {

std::unique_ptr<RowBlock> BlockOfRows(RowChannel& channel, size_t rows, uint64_t first = 0) {
  std::unique_ptr<RowBlock> block = channel.Take();
  for (size_t i = 0; i < rows; ++i) {
    RowHeader header;
    header.block = first + i;
    block->Begin(header);
    block->End();
  }
  return block;
}

size_t RowBytes() {
  RowChannel channel(0);
  return BlockOfRows(channel, 1)->bytes();
}

TEST(RowChannel, CreditIsTakenUpToTheLastByte) {
  RowChannel channel(1000);
  EXPECT_TRUE(channel.Reserve(999));
  EXPECT_FALSE(channel.Reserve(2));
  EXPECT_TRUE(channel.Reserve(1));
  EXPECT_FALSE(channel.Reserve(1));
  channel.Adjust(5);
  EXPECT_FALSE(channel.Reserve(6));
  EXPECT_TRUE(channel.Reserve(5));
}

TEST(RowChannel, ARowThatTookMoreThanReservedIsOwed) {
  RowChannel channel(1000);
  ASSERT_TRUE(channel.Reserve(1000));
  channel.Adjust(-500);
  channel.Adjust(500);
  EXPECT_FALSE(channel.Reserve(1));
  channel.Adjust(1);
  EXPECT_TRUE(channel.Reserve(1));
}

TEST(RowChannel, CreditComesBackWithTheBlockAndNotBefore) {
  const size_t row = RowBytes();
  RowChannel channel(row);
  ASSERT_TRUE(channel.Reserve(row));
  channel.Push(BlockOfRows(channel, 1));
  EXPECT_FALSE(channel.Reserve(1));
  std::unique_ptr<RowBlock> block = channel.Pop();
  EXPECT_FALSE(channel.Reserve(1));
  channel.GiveBack(std::move(block));
  EXPECT_TRUE(channel.Reserve(row));
  EXPECT_FALSE(channel.Reserve(1));
}

TEST(RowChannel, BlocksComeBackEmptyAndAreUsedAgain) {
  RowChannel channel(1 << 20);
  channel.Push(BlockOfRows(channel, 3));
  std::unique_ptr<RowBlock> block = channel.Pop();
  const RowBlock* const address = block.get();
  EXPECT_EQ(block->rows(), 3U);
  channel.GiveBack(std::move(block));
  const std::unique_ptr<RowBlock> again = channel.Take();
  EXPECT_EQ(again.get(), address);
  EXPECT_TRUE(again->empty());
}

TEST(RowChannel, SmallBlocksJoinAndLargeOnesStayInOrder) {
  RowChannel channel(1 << 30);
  const size_t full = RowBlock::kBytes / RowBytes();
  for (uint64_t i = 0; i < 100; ++i) channel.Push(BlockOfRows(channel, 1, i));
  channel.Push(BlockOfRows(channel, full, 1000));
  channel.Push(BlockOfRows(channel, 1, 5000));
  channel.Close();
  std::vector<std::pair<size_t, uint64_t>> seen;  // Rows, and the block number of the last.
  while (const std::unique_ptr<RowBlock> block = channel.Pop()) {
    size_t position = 0;
    RowView view;
    while (block->Read(position, view)) {
    }
    seen.emplace_back(block->rows(), view.header.block);
  }
  const std::vector<std::pair<size_t, uint64_t>> expected = {{100, 99}, {full, 1000 + full - 1}, {1, 5000}};
  EXPECT_EQ(seen, expected);
}

TEST(RowChannel, CloseWakesTheSinkAndLeavesWhatWasPushed) {
  RowChannel channel(1 << 20);
  std::atomic<size_t> rows = 0;
  std::thread sink([&] {
    while (std::unique_ptr<RowBlock> block = channel.Pop()) {
      rows += block->rows();
      channel.GiveBack(std::move(block));
    }
  });
  channel.Push(BlockOfRows(channel, 7));
  channel.Close();
  sink.join();
  EXPECT_EQ(rows, 7U);
  EXPECT_EQ(channel.Pop(), nullptr);
}

TEST(RowChannel, EnginesAndSinkTogetherLoseNothingAndStayWithinTheCredit) {
  constexpr size_t kEngines = 3;
  constexpr uint64_t kRowsEach = 20'000;
  const size_t row = RowBytes();
  const size_t credit = row * 100;
  RowChannel channel(credit);
  std::vector<std::thread> engines;
  engines.reserve(kEngines);
  for (size_t engine = 0; engine < kEngines; ++engine) {
    engines.emplace_back([&channel, engine, row] {
      uint64_t done = 0;
      std::unique_ptr<RowBlock> block = channel.Take();
      while (done < kRowsEach) {
        if (block->rows() == 20 || !channel.Reserve(row + 8)) {
          if (!block->empty()) {
            channel.Push(std::move(block));
            block = channel.Take();
          }
          std::this_thread::yield();
          continue;
        }
        RowHeader header;
        header.block = engine * kRowsEach + done++;
        block->Begin(header);
        block->End();
        channel.Adjust(8);  // The row took less than reserved.
      }
      channel.Push(std::move(block));
    });
  }
  std::vector<bool> seen(kEngines * kRowsEach);
  size_t most = 0;
  std::thread sink([&] {
    while (std::unique_ptr<RowBlock> block = channel.Pop()) {
      most = std::max(most, block->bytes());
      size_t position = 0;
      RowView view;
      while (block->Read(position, view)) {
        EXPECT_FALSE(seen[view.header.block]);
        seen[view.header.block] = true;
      }
      channel.GiveBack(std::move(block));
    }
  });
  for (std::thread& engine : engines) engine.join();
  channel.Close();
  sink.join();
  EXPECT_EQ(std::count(seen.begin(), seen.end(), true), static_cast<std::ptrdiff_t>(seen.size()));
  EXPECT_LE(most, credit);
  EXPECT_TRUE(channel.Reserve(credit));
  EXPECT_FALSE(channel.Reserve(1));
}

TEST(RowChannel, ASinkThatWaitsForATimeLearnsWhy) {
  RowChannel channel(1000);
  EXPECT_EQ(channel.Pop(std::chrono::nanoseconds(1)), nullptr);
  EXPECT_FALSE(channel.Finished());
  RowBlock row;
  row.Begin(RowHeader{});
  row.End();
  std::unique_ptr<RowBlock> block = channel.Take();
  block->AppendRows(row);
  channel.Push(std::move(block));
  channel.Close();
  EXPECT_FALSE(channel.Finished());
  EXPECT_NE(channel.Pop(std::chrono::hours(1)), nullptr);
  EXPECT_TRUE(channel.Finished());
  EXPECT_EQ(channel.Pop(std::chrono::hours(1)), nullptr);
}

}  // namespace
}  // namespace scanner
