#include "scanner/core/delegations.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace scanner {
namespace {

using codec::dns::Name;
using codec::dns::ParseName;
using codec::dns::Referral;

constexpr netio::Instant kNow{std::chrono::seconds(100)};

Name Wire(std::string_view text) { return ParseName(text).value(); }

// `addresses` are the last octets of 192.0.2.N, of the first name.
Referral ReferralTo(std::string_view zone, const std::vector<std::string>& names,
                    const std::vector<uint8_t>& addresses, uint32_t ttl = 3600) {
  Referral referral;
  referral.zone = Wire(zone);
  referral.ttl = ttl;
  for (const std::string& name : names) referral.name_servers[referral.name_server_count++] = Wire(name);
  for (const uint8_t last : addresses) {
    referral.addresses[referral.address_count++] = {
        .name_server = 0, .octets = 4, .bytes = {192, 0, 2, last}};
  }
  return referral;
}

class DelegationsTest : public testing::Test {
 protected:
  static IterationPolicy Policy() {
    IterationPolicy policy;
    policy.roots = {*netio::ParseEndpoint("198.51.100.1", 53)};
    return policy;
  }

  ZoneIndex ZoneOf(std::string_view name, netio::Instant now = kNow) {
    return delegations_->Find(Wire(name).view(), now).zone;
  }
  ZoneIndex Learn(const Referral& referral, netio::Instant now = kNow) {
    return delegations_->Learn(referral, delegations_->root(), now);
  }
  std::string NextName(ZoneIndex zone) {
    const std::optional<Name> name = delegations_->NextNameServer(zone);
    return name ? codec::dns::ToString(name->view()) : "";
  }

  std::unique_ptr<ServerTable> servers_ = std::make_unique<ServerTable>(Gcra::Limits{});
  std::unique_ptr<Delegations> delegations_ = std::make_unique<Delegations>(Policy(), 8, 1, *servers_);
};

TEST_F(DelegationsTest, BeginsWithTheRoots) {
  const Delegations::Place place = delegations_->Find(Wire("a.b.example").view(), kNow);
  EXPECT_EQ(place.zone, delegations_->root());
  EXPECT_EQ(codec::dns::ToString(delegations_->tree().NameOf(place.seek).view()), "example");
  EXPECT_EQ((*delegations_)[place.zone].found().size(), 1U);
}

TEST_F(DelegationsTest, TtlsOfReferralsHaveBounds) {
  const struct {
    uint32_t ttl;
    Duration lives;
  } cases[] = {
      {0, std::chrono::seconds(60)},   {59, std::chrono::seconds(60)},   {61, std::chrono::seconds(61)},
      {86400, std::chrono::hours(24)}, {604800, std::chrono::hours(24)},
  };
  for (const auto& test : cases) {
    const ZoneIndex zone = Learn(ReferralTo("example", {"ns.example"}, {1}, test.ttl));
    EXPECT_EQ(ZoneOf("a.example", kNow + test.lives - Duration(1)), zone) << test.ttl;
    EXPECT_EQ(ZoneOf("a.example", kNow + test.lives), delegations_->root()) << test.ttl;
  }
}

TEST_F(DelegationsTest, AsksForFourNamesWithoutAddresses) {
  const ZoneIndex zone =
      Learn(ReferralTo("example", {"glue.example", "b.test", "c.test", "d.test", "e.test", "f.test"}, {1}));
  EXPECT_EQ(NextName(zone), "b.test");
  EXPECT_EQ(NextName(zone), "c.test");
  EXPECT_EQ(NextName(zone), "d.test");
  EXPECT_TRUE(delegations_->HasNameServer(zone));
  EXPECT_EQ(NextName(zone), "e.test");
  EXPECT_FALSE(delegations_->HasNameServer(zone));
  EXPECT_EQ(NextName(zone), "");
}

TEST_F(DelegationsTest, StopsWhenTheWorkIsDone) {
  const ZoneIndex zone = Learn(ReferralTo("example", {"b.test"}, {}));
  (*delegations_)[zone].work = IterationPolicy::kMaxWork;
  EXPECT_FALSE(delegations_->HasNameServer(zone));
  (*delegations_)[zone].work = IterationPolicy::kMaxWork - 1;
  EXPECT_EQ(NextName(zone), "b.test");
}

TEST_F(DelegationsTest, AddressesOfOneFamilyAndEachOnce) {
  const ZoneIndex zone = Learn(ReferralTo("example", {"a.test"}, {}));
  const std::array<uint8_t, 4> ipv4 = {192, 0, 2, 9};
  const std::array<uint8_t, 16> ipv6 = {0x20, 0x01, 0x0d, 0xb8};
  EXPECT_TRUE(delegations_->AddAddress(zone, ipv4));
  EXPECT_FALSE(delegations_->AddAddress(zone, ipv4));
  EXPECT_FALSE(delegations_->AddAddress(zone, ipv6)) << "cannot be sent to";
  ASSERT_EQ((*delegations_)[zone].found().size(), 1U);
  const netio::Endpoint endpoint = servers_->endpoint((*delegations_)[zone].found()[0].index);
  EXPECT_EQ(netio::ToString(endpoint), "192.0.2.9:53");
}

TEST_F(DelegationsTest, LameAfterTwoAnswersForAMinute) {
  const ZoneIndex zone = Learn(ReferralTo("example", {"a.example"}, {1, 2}));
  const ServerIndex first = (*delegations_)[zone].found()[0].index;
  const ServerIndex second = (*delegations_)[zone].found()[1].index;
  delegations_->NoteAnswer(zone, first, true, kNow);
  EXPECT_FALSE(delegations_->IsLame(zone, first, kNow));
  delegations_->NoteAnswer(zone, first, true, kNow);
  EXPECT_TRUE(delegations_->IsLame(zone, first, kNow));
  EXPECT_FALSE(delegations_->AllLame(zone, kNow));
  delegations_->NoteAnswer(zone, second, true, kNow);
  delegations_->NoteAnswer(zone, second, true, kNow);
  EXPECT_TRUE(delegations_->AllLame(zone, kNow + std::chrono::seconds(60) - Duration(1)));
  EXPECT_FALSE(delegations_->AllLame(zone, kNow + std::chrono::seconds(60)));
  delegations_->NoteAnswer(zone, first, false, kNow);
  EXPECT_FALSE(delegations_->IsLame(zone, first, kNow)) << "one good answer";
  EXPECT_FALSE(delegations_->AllLame(Learn(ReferralTo("other", {"a.test"}, {})), kNow)) << "no server at all";
}

TEST_F(DelegationsTest, FailuresLastLongerEachTime) {
  const ZoneIndex zone = Learn(ReferralTo("example", {"a.example", "b.test"}, {1}));
  netio::Instant now = kNow;
  for (const int seconds : {5, 10, 20, 40, 80, 160, 300, 300}) {
    EXPECT_EQ(NextName(zone), "b.test") << "its addresses may be looked up once more";
    delegations_->Fail(zone, Status::kTimeout, now);
    EXPECT_TRUE(delegations_->Failed(zone, now + std::chrono::seconds(seconds) - Duration(1))) << seconds;
    now += std::chrono::seconds(seconds);
    EXPECT_FALSE(delegations_->Failed(zone, now)) << seconds;
  }
  delegations_->Fail(zone, Status::kTimeout, now);
  delegations_->NoteAnswer(zone, (*delegations_)[zone].found()[0].index, false, now);
  EXPECT_FALSE(delegations_->Failed(zone, now));
}

TEST_F(DelegationsTest, RememberedZonesAreBounded) {
  const ZoneIndex held = Learn(ReferralTo("held", {"a.held"}, {1}));
  delegations_->Hold(held);
  for (int i = 0; i < 100; ++i) {
    EXPECT_NE(Learn(ReferralTo("z" + std::to_string(i), {"a.test"}, {2})), ZoneIndex::kNone) << i;
  }
  EXPECT_EQ(ZoneOf("x.held"), held);
  EXPECT_EQ(ZoneOf("x.z0"), delegations_->root()) << "forgotten";
  EXPECT_NE(ZoneOf("x.z99"), delegations_->root());
  delegations_->Release(held);
}

TEST_F(DelegationsTest, ARefreshKeepsWhatIsKnownOfServers) {
  const ZoneIndex zone = Learn(ReferralTo("example", {"a.example"}, {1, 2}));
  const ServerIndex stays = (*delegations_)[zone].found()[1].index;
  delegations_->NoteAnswer(zone, stays, true, kNow);
  delegations_->NoteAnswer(zone, stays, true, kNow);
  EXPECT_EQ(Learn(ReferralTo("example", {"b.example"}, {2, 3})), zone);
  EXPECT_EQ((*delegations_)[zone].found().size(), 2U);
  EXPECT_TRUE(delegations_->IsLame(zone, stays, kNow));
  EXPECT_EQ(Learn(ReferralTo("example", {"c.test"}, {})), zone);
  EXPECT_EQ((*delegations_)[zone].found().size(), 2U) << "no new address is no reason to forget the old ones";
}

// A delegation expires, and is learnt again, while lookups still wait for its servers.
TEST_F(DelegationsTest, IsRefreshedWhileItIsHeld) {
  const ZoneIndex zone = Learn(ReferralTo("example", {"a.example", "b.test"}, {1}, 60));
  delegations_->Hold(zone);
  const netio::Instant later = kNow + std::chrono::seconds(60);
  EXPECT_EQ(ZoneOf("x.example", later), delegations_->root());
  EXPECT_EQ(Learn(ReferralTo("example", {"c.test"}, {2}, 60), later), zone);
  EXPECT_EQ(ZoneOf("x.example", later), zone);
  ASSERT_EQ((*delegations_)[zone].found().size(), 1U);
  EXPECT_EQ(netio::ToString(servers_->endpoint((*delegations_)[zone].found()[0].index)), "192.0.2.2:53");
  delegations_->Release(zone);
}

TEST_F(DelegationsTest, TheRootsOwnWordReplacesTheHints) {
  delegations_->LearnRoot(ReferralTo(".", {"a.test"}, {}));
  EXPECT_EQ((*delegations_)[delegations_->root()].found().size(), 1U) << "without an address: as before";
  delegations_->LearnRoot(ReferralTo(".", {"a.test"}, {7, 8}));
  EXPECT_EQ((*delegations_)[delegations_->root()].found().size(), 2U);
}

}  // namespace
}  // namespace scanner
