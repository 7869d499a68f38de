#include "scanner/core/servers.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace scanner {
namespace {

netio::Endpoint At(uint32_t number) {
  netio::Endpoint endpoint;
  endpoint.address = {10, static_cast<uint8_t>(number >> 16), static_cast<uint8_t>(number >> 8),
                      static_cast<uint8_t>(number)};
  endpoint.port = 53;
  return endpoint;
}

TEST(ServerTableTest, OneServerAnEndpoint) {
  const auto table = std::make_unique<ServerTable>(Gcra::Limits{});
  const ServerIndex first = table->Add(At(1), {});
  EXPECT_EQ(table->FindOrAdd(At(1), {}), first);
  netio::Endpoint other_port = At(1);
  other_port.port = 54;
  EXPECT_NE(table->FindOrAdd(other_port, {}), first);
  EXPECT_EQ(table->size(), 2U);
  EXPECT_EQ(table->endpoint(ServerIndex{1}), other_port);
}

TEST(ServerTableTest, HoldsSoManyAndNoMore) {
  const auto table = std::make_unique<ServerTable>(Gcra::Limits{});
  const ServerPace* const first = &table->pace(table->Add(At(0), {}));
  for (uint32_t i = 1; i < ServerTable::kMost; ++i) ASSERT_EQ(table->FindOrAdd(At(i), {}), ServerIndex{i});
  EXPECT_EQ(table->FindOrAdd(At(ServerTable::kMost), {}), std::nullopt);
  EXPECT_EQ(table->FindOrAdd(At(7), {}), ServerIndex{7}) << "those that are there are found";
  EXPECT_EQ(&table->pace(ServerIndex{0}), first) << "none has moved";
}

TEST(ServerTableTest, EnginesFindTheSameServers) {
  constexpr uint32_t kServers = 2000;
  const auto table = std::make_unique<ServerTable>(Gcra::Limits{});
  std::vector<std::vector<ServerIndex>> found(2);
  std::vector<std::thread> threads;
  threads.reserve(found.size());
  for (std::vector<ServerIndex>& mine : found) {
    threads.emplace_back([&table, &mine] {
      for (uint32_t i = 0; i < kServers; ++i) {
        mine.push_back(*table->FindOrAdd(At(i), {}));
        EXPECT_EQ(table->endpoint(mine.back()), At(i));
        EXPECT_GT(table->size(), static_cast<uint32_t>(mine.back()));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(found[0], found[1]);
  EXPECT_EQ(table->size(), kServers);
}

}  // namespace
}  // namespace scanner
