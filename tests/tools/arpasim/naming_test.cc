#include "tools/arpasim/core/naming.h"

#include <gtest/gtest.h>

#include <string>

#include "codec/dns/name.h"

namespace arpasim {
namespace {

using Kind = Subject::Kind;

struct SubjectRow {
  const char* name;
  Kind kind;
  int index;
  const char* address;
};

TEST(Naming, ReadsWhatANameIsAbout) {
  const SubjectRow rows[] = {
      {"7.0.18.198.in-addr.arpa", Kind::kReverse, 0, "198.18.0.7"},
      {"255.255.255.255.in-addr.arpa", Kind::kReverse, 0, "255.255.255.255"},
      {"256.0.18.198.in-addr.arpa", Kind::kUnknown, 0, "0.0.0.0"},
      {"07.0.18.198.in-addr.arpa", Kind::kUnknown, 0, "0.0.0.0"},
      {"0.18.198.in-addr.arpa", Kind::kInner, 0, nullptr},
      {"in-addr.arpa", Kind::kInner, 0, nullptr},
      {"x.in-addr.arpa", Kind::kUnknown, 0, "0.0.0.0"},
      {"7.0-63.0.18.198.in-addr.arpa", Kind::kAlias, 1, "198.18.0.7"},
      {"1.7.0-63.0.18.198.in-addr.arpa", Kind::kUnknown, 0, "0.0.0.0"},
      {"alias02-198-18-0-7.rev.example.net", Kind::kAlias, 2, "198.18.0.7"},
      {"7.dname-198-18-0-0.rev.example.net", Kind::kDnamed, 0, "198.18.0.7"},
      {"7.dname-198-18-0-1.rev.example.net", Kind::kUnknown, 0, "0.0.0.0"},
      {"dname-198-18-0-0.rev.example.net", Kind::kUnknown, 0, "0.0.0.0"},
      {"host-198-18-0-7.pool.example.net", Kind::kHost, 0, "198.18.0.7"},
      {"host79-198-18-0-7.pool.example.net", Kind::kHost, 79, "198.18.0.7"},
      {"a\\032b.host-198-18-0-7.pool.example.net", Kind::kHost, 0, "198.18.0.7"},
      {"host-198-18-0.pool.example.net", Kind::kUnknown, 0, "0.0.0.0"},
      {"host-198-18-0-7-1.pool.example.net", Kind::kUnknown, 0, "0.0.0.0"},
      {"host198-18-0-7.pool.example.net", Kind::kUnknown, 0, "0.0.0.0"},
      {"real01-198-18-0-7.pool.example.net", Kind::kReal, 1, "198.18.0.7"},
      {"gw-198-18-0-0.pool.example.net", Kind::kShared, 0, "198.18.0.0"},
      {"host-20010db8000000000000000000000007.pool.example.net", Kind::kHost, 0, "2001:db8::7"},
      {"host-20010db800000000000000000000000g.pool.example.net", Kind::kUnknown, 0, "0.0.0.0"},
      {"7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", Kind::kReverse, 0,
       "2001:db8::7"},
      {"0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", Kind::kUnknown, 0,
       "0.0.0.0"},
      {"8.b.d.0.1.0.0.2.ip6.arpa", Kind::kInner, 0, nullptr},
      {"10.b.d.0.1.0.0.2.ip6.arpa", Kind::kUnknown, 0, "0.0.0.0"},
      {"7.f.dname-20010db8000000000000000000000000.rev.example.net", Kind::kDnamed, 0, "2001:db8::f7"},
      {"example", Kind::kUnknown, 0, "0.0.0.0"},
      {".", Kind::kUnknown, 0, "0.0.0.0"},
  };
  for (const SubjectRow& row : rows) {
    const auto name = codec::dns::ParseName(row.name);
    ASSERT_TRUE(name) << row.name;
    const Subject subject = ReadSubject(name->view());
    EXPECT_EQ(subject.kind, row.kind) << row.name;
    EXPECT_EQ(subject.index, row.index) << row.name;
    if (row.address != nullptr) {
      EXPECT_EQ(ToText(subject.address), row.address) << row.name;
    }
  }
}

TEST(Naming, ALabelThatEndsLikeTheSuffixIsNotTheSuffix) {
  Name name;
  NameBuilder builder(name);
  builder.Label(std::string_view("x\7in-addr", 9));
  builder.Label("arpa");
  builder.Wire(kRootZone);
  EXPECT_EQ(ReadSubject(name.view()).kind, Kind::kUnknown);
}

TEST(Naming, WritesWhatItReads) {
  for (const char* const text : {"198.18.0.7", "0.0.0.0", "255.255.255.255", "2001:db8::12:fe", "::"}) {
    const Address address = *ParseAddress(text);
    Name name;
    WriteReverse(address, name);
    EXPECT_EQ(ReadSubject(name.view()).address, address) << text;
    for (const uint8_t step : {uint8_t{1}, uint8_t{3}}) {
      WriteAlias(address, step, name);
      const Subject subject = ReadSubject(name.view());
      EXPECT_EQ(subject.kind, Kind::kAlias) << text;
      EXPECT_EQ(subject.index, step) << text;
      EXPECT_EQ(subject.address, address) << text;
    }
    WriteDnameTarget(address, name);
    EXPECT_EQ(ReadSubject(name.view()).address, address) << text;
    WriteReal(address, 2, HostZone(0), name);
    EXPECT_EQ(ReadSubject(name.view()).address, address) << text;
  }
}

struct ZoneRow {
  const char* name;
  const char* zone;
};

TEST(Naming, KnowsTheZone) {
  const ZoneRow rows[] = {
      {"7.0.18.198.in-addr.arpa", "0.18.198.in-addr.arpa"},
      {"7.0-63.0.18.198.in-addr.arpa", "0-63.0.18.198.in-addr.arpa"},
      {"18.198.in-addr.arpa", "in-addr.arpa"},
      {"7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
       "0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"},
      {"xxx.host-198-18-0-7.pool.example.net", "pool.example.net"},
      {"7.dname-198-18-0-0.rev.example.net", "dname-198-18-0-0.rev.example.net"},
      {"nowhere.example", "."},
  };
  for (const ZoneRow& row : rows) {
    const auto name = codec::dns::ParseName(row.name);
    const size_t offset = ZoneOffset(ReadSubject(name->view()), name->view());
    EXPECT_EQ(codec::dns::ToString(name->view().subspan(offset)), row.zone);
  }
}

}  // namespace
}  // namespace arpasim
