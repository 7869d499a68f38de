#include "scanner/sink/columns.h"

#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Columns, AreThoseOfTheSpecInItsOrder) {
  std::string names;
  for (const Column column : AllColumns()) names.append(Info(column).name).append(" ");
  EXPECT_EQ(names,
            "address verdict reason names confirmed_names forward_addresses flags template registered_domain "
            "ptr_status forward_status ptr_ttl forward_ttl ptr_alias_target zone server authoritative "
            "authenticated "
            "evidence attempts rtt_us ede observed_at ipv4 prefix asn announced_prefix scan_id ");
}

TEST(Columns, KindsAreThoseOfTheSpec) {
  for (const Column column : AllColumns()) {
    ColumnKind expected = ColumnKind::kString;
    switch (column) {
      case Column::kNames:
      case Column::kConfirmedNames:
      case Column::kForwardAddresses:
      case Column::kFlagList:
        expected = ColumnKind::kList;
        break;
      case Column::kPtrTtl:
      case Column::kForwardTtl:
      case Column::kAttempts:
      case Column::kRttUs:
      case Column::kEde:
        expected = ColumnKind::kInt32;
        break;
      case Column::kIpv4:
      case Column::kAsn:
        expected = ColumnKind::kInt64;
        break;
      case Column::kAuthoritative:
      case Column::kAuthenticated:
        expected = ColumnKind::kBoolean;
        break;
      case Column::kObservedAt:
        expected = ColumnKind::kTimestamp;
        break;
      case Column::kAddress:
      case Column::kVerdict:
      case Column::kReason:
      case Column::kTemplate:
      case Column::kRegisteredDomain:
      case Column::kPtrStatus:
      case Column::kForwardStatus:
      case Column::kPtrAliasTarget:
      case Column::kZone:
      case Column::kServer:
      case Column::kEvidence:
      case Column::kPrefix:
      case Column::kAnnouncedPrefix:
      case Column::kScanId:
        break;
    }
    EXPECT_EQ(Info(column).kind, expected) << Info(column).name;
  }
}

TEST(ParseFields, KeepsTheOrderAsked) {
  EXPECT_THAT(ParseFields("names,address,ede").value(),
              ElementsAre(Column::kNames, Column::kAddress, Column::kEde));
  EXPECT_THAT(ParseFields("scan_id").value(), ElementsAre(Column::kScanId));
  std::string all;
  for (const Column column : AllColumns()) all.append(all.empty() ? "" : ",").append(Info(column).name);
  EXPECT_EQ(ParseFields(all).value(), AllColumns());
}

TEST(ParseFields, RefusesAndNamesTheField) {
  const struct {
    std::string_view text;
    const char* message;
  } cases[] = {
      {"", "unknown field ''; there are address verdict reason"},
      {"adress", "unknown field 'adress'; there are address "},
      {"address,", "unknown field ''"},
      {",address", "unknown field ''"},
      {"address,,names", "unknown field ''"},
      {"address, names", "unknown field ' names'"},
      {"Address", "unknown field 'Address'"},
      {"address,names,address", "field 'address' is there twice"},
  };
  for (const auto& c : cases) {
    const absl::Status status = ParseFields(c.text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.message));
  }
}

}  // namespace
}  // namespace scanner
