// What is done on the wire and what is believed (SPEC section 3): EDNS, cookies, TCP, 0x20; scripted servers,
// judged by the packets that they saw.
#include <gtest/gtest.h>

#include <algorithm>

#include "scanner/core/lookups.h"
#include "tests/scanner/core/scripted_sweep.h"

namespace scanner {
namespace {

using codec::dns::Append16;
using codec::dns::Response;
using codec::dns::Type;
using netio::SimReplies;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(LookupsWireTest, WithoutEdnsOnceAndRemembered) {
  for (const auto rcode :
       {codec::dns::Rcode::kFormerr, codec::dns::Rcode::kNotimp, codec::dns::Rcode::kBadvers}) {
    ScriptedSweep sweep({.targets = {"198.18.0.0/24"}, .limits = {.budget = {}, .max_window = 1}},
                        [rcode](const Asked& asked, SimReplies& replies) {
                          Response response =
                              Answering(asked, static_cast<uint16_t>(static_cast<uint16_t>(rcode) & 15));
                          if (rcode == codec::dns::Rcode::kBadvers) response.Opt(1U << 24);
                          replies.Send(asked.edns() ? Bytes(asked, response) : Name(asked));
                        });
    ASSERT_TRUE(sweep.Run());
    EXPECT_EQ(sweep.rows().size(), 256U);
    for (const auto& [address, row] : sweep.rows()) EXPECT_EQ(row.ptr_status, "NOERROR") << address;
    EXPECT_TRUE(sweep.asked()[0].edns());
    EXPECT_EQ(std::ranges::count_if(sweep.asked(), &Asked::edns), 1) << static_cast<int>(rcode);
  }
}

TEST(LookupsWireTest, FormerrWithoutAQuestionIsAHintToo) {
  ScriptedSweep sweep({}, [](const Asked& asked, SimReplies& replies) {
    if (!asked.edns()) {
      replies.Send(Name(asked));
    } else {
      replies.Send(Bytes(asked, Response(1)));
    }
  });
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.row().ptr_status, "NOERROR");
  EXPECT_EQ(sweep.asked().size(), 2U);
}

TEST(LookupsWireTest, OneServersLackOfEdnsIsNotAnothers) {
  for (const bool with_question : {true, false}) {
    ScriptedSweep sweep(
        {.targets = {"198.18.0.0/24"}, .servers = 2, .limits = {.budget = {}, .max_window = 4}},
        [with_question](const Asked& asked, SimReplies& replies) {
          // The first cannot do EDNS, and answers without it only now and then.
          const bool refuses = asked.server == 0 && asked.edns();
          if (refuses && with_question) replies.Send(Rcode(asked, codec::dns::Rcode::kFormerr));
          if (refuses && !with_question) replies.Send(Bytes(asked, Response(1)));
          if (!refuses && (asked.server == 1 || asked.id % 2 == 0)) replies.Send(Name(asked));
        });
    ASSERT_TRUE(sweep.Run());
    const std::vector<Asked> other = sweep.AskedOf(1);
    ASSERT_FALSE(other.empty());
    EXPECT_TRUE(std::ranges::all_of(other, &Asked::edns)) << with_question;
  }
}

// ---- Cookies ----

constexpr uint8_t kServerCookie[] = {1, 2, 3, 4, 5, 6, 7, 8};

// An OPT with the client cookie of `asked` and a server cookie.
Response& WithCookie(Response& response, const Asked& asked, uint32_t rcode_bits = 0) {
  std::vector<uint8_t> option;
  Append16(option, 10);
  Append16(option, 16);
  option.insert(option.end(), asked.cookie.begin(), asked.cookie.begin() + 8);
  option.insert(option.end(), std::begin(kServerCookie), std::end(kServerCookie));
  return response.Opt(rcode_bits << 24, option);
}

std::vector<uint8_t> NameWithCookie(const Asked& asked) {
  Response response = Answering(asked, kAa);
  response.Add(codec::dns::Message::Section::kAnswer, asked.name, Type::kPtr, 60,
               codec::dns::WireName("host.example."));
  return Bytes(asked, WithCookie(response, asked));
}

std::vector<uint8_t> Badcookie(const Asked& asked) {
  Response response = Answering(asked, 23 & 15);
  return Bytes(asked, WithCookie(response, asked, 23 >> 4));
}

TEST(LookupsWireTest, BadcookieIsAskedAgainWithTheNewCookie) {
  ScriptedSweep sweep({.targets = {"198.18.0.0/26"}, .limits = {.budget = {}, .max_window = 1}},
                      [](const Asked& asked, SimReplies& replies) {
                        replies.Send(asked.cookie.size() == 16 ? NameWithCookie(asked) : Badcookie(asked));
                      });
  ASSERT_TRUE(sweep.Run());
  for (const auto& [address, row] : sweep.rows()) EXPECT_EQ(row.ptr_status, "NOERROR") << address;
  EXPECT_EQ(sweep.asked()[0].cookie.size(), 8U);
  EXPECT_EQ(sweep.asked()[1].cookie.size(), 16U);
  EXPECT_TRUE(
      std::equal(std::begin(kServerCookie), std::end(kServerCookie), sweep.asked()[1].cookie.begin() + 8));
  EXPECT_FALSE(std::ranges::any_of(sweep.asked(), &Asked::over_tcp));
}

TEST(LookupsWireTest, BadcookieAgainGoesToTcp) {
  ScriptedSweep sweep({}, [](const Asked& asked, SimReplies& replies) {
    replies.Send(asked.over_tcp ? Name(asked) : Badcookie(asked));
  });
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.row().ptr_status, "NOERROR");
  ASSERT_EQ(sweep.asked().size(), 3U);
  EXPECT_FALSE(sweep.asked()[1].over_tcp);
  EXPECT_TRUE(sweep.asked()[2].over_tcp);
}

TEST(LookupsWireTest, AServerKnownToDoCookiesIsHeldToThem) {
  ScriptedSweep sweep({.targets = {"198.18.0.0/26"}, .limits = {.budget = {}, .max_window = 1}},
                      [&sweep](const Asked& asked, SimReplies& replies) {
                        // Only the first answer bears a cookie; over UDP the later ones look forged.
                        if (sweep.asked().size() == 1) {
                          replies.Send(NameWithCookie(asked));
                        } else {
                          replies.Send(asked.over_tcp ? Name(asked) : Nxdomain(asked));
                        }
                      });
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.rows().size(), 64U);
  for (const auto& [address, row] : sweep.rows()) EXPECT_EQ(row.ptr_status, "NOERROR") << address;
}

TEST(LookupsWireTest, NoCookiesSendsNone) {
  ScriptedSweep sweep({.policy = {.cookies = false}},
                      [](const Asked& asked, SimReplies& replies) { replies.Send(Name(asked)); });
  ASSERT_TRUE(sweep.Run());
  EXPECT_TRUE(sweep.asked()[0].edns());
  EXPECT_TRUE(sweep.asked()[0].cookie.empty());
}

// ---- TCP ----

std::vector<uint8_t> Truncated(const Asked& asked) { return Bytes(asked, Answering(asked, kAa | kTc)); }

TEST(LookupsWireTest, TruncatedAnswersComeOverOneConnectionAServer) {
  ScriptedSweep sweep({.targets = {"198.18.0.0/24"}, .servers = 2},
                      [](const Asked& asked, SimReplies& replies) {
                        // Slow enough that one query after the other would take ten times as long.
                        replies.Send(asked.over_tcp ? Name(asked) : Truncated(asked), milliseconds(100));
                      });
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.rows().size(), 256U);
  for (const auto& [address, row] : sweep.rows()) EXPECT_EQ(row.ptr_status, "NOERROR") << address;
  EXPECT_EQ(sweep.connections(), 2U);
  EXPECT_EQ(std::ranges::count_if(sweep.asked(), &Asked::over_tcp), 256);
  EXPECT_LT(sweep.now(), Instant(seconds(20))) << "not pipelined";
}

TEST(LookupsWireTest, WithoutTcpItIsTruncated) {
  ScriptedSweep sweep({}, [](const Asked& asked, SimReplies& replies) {
    if (!asked.over_tcp) replies.Send(Truncated(asked));
  });
  netio::SimFaults faults;
  faults.stream_refusal = 1;
  sweep.network().SetFaults(faults);
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.row().ptr_status, "TRUNCATED");
  EXPECT_EQ(sweep.row().reason, "ptr_error");
}

TEST(LookupsWireTest, AConnectionThatClosesIsOpenedOnceMore) {
  ScriptedSweep sweep({}, [](const Asked& asked, SimReplies& replies) {
    if (!asked.over_tcp) {
      replies.Send(Truncated(asked));
    } else if (asked.nth == 1) {
      replies.CloseStream();
    } else {
      replies.Send(Name(asked));
    }
  });
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.row().ptr_status, "NOERROR");
  EXPECT_EQ(sweep.asked().size(), 3U);
  EXPECT_EQ(sweep.connections(), 2U);
}

// ---- 0x20 ----

TEST(LookupsWireTest, AnotherCaseIsAskedAgainOverTcp) {
  const auto script = [](const Asked& asked, SimReplies& replies) {
    Asked other = asked;
    std::ranges::transform(other.name, other.name.begin(), [](unsigned char c) { return std::toupper(c); });
    replies.Send(asked.over_tcp ? Name(asked) : Nxdomain(other));
  };
  ScriptedSweep mixed({.policy = {.mix_case = true}}, script);
  ASSERT_TRUE(mixed.Run());
  EXPECT_EQ(mixed.row().ptr_status, "NOERROR");
  ASSERT_EQ(mixed.asked().size(), 2U);
  EXPECT_NE(mixed.asked()[0].name, "7.0.18.198.in-addr.arpa.");
  EXPECT_TRUE(mixed.asked()[1].over_tcp);
  // Where 0x20 was not sent, case means nothing.
  ScriptedSweep plain({}, script);
  ASSERT_TRUE(plain.Run());
  EXPECT_EQ(plain.row().ptr_status, "NXDOMAIN");
  EXPECT_EQ(plain.asked().size(), 1U);
}

// ---- What is believed ----

TEST(LookupsWireTest, OnlyTheRightAnswerIsBelieved) {
  const struct {
    const char* name;
    std::function<void(const Asked&, SimReplies&)> forge;
  } cases[] = {
      {"another id",
       [](const Asked& asked, SimReplies& replies) {
         std::vector<uint8_t> bytes = Nxdomain(asked);
         bytes[1] ^= 1;
         replies.Send(bytes);
       }},
      {"another name",
       [](const Asked& asked, SimReplies& replies) {
         Asked other = asked;
         other.name[0] = '8';
         replies.Send(Nxdomain(other));
       }},
      {"another type",
       [](const Asked& asked, SimReplies& replies) {
         Asked other = asked;
         other.type = Type::kA;
         replies.Send(Nxdomain(other));
       }},
      {"no question",
       [](const Asked& asked, SimReplies& replies) { replies.Send(Bytes(asked, Response(kAa))); }},
      {"another port",
       [](const Asked& asked, SimReplies& replies) {
         netio::Endpoint elsewhere = asked.to;
         elsewhere.port = 54;
         replies.SendFrom(elsewhere, Nxdomain(asked));
       }},
      {"another address",
       [](const Asked& asked, SimReplies& replies) {
         netio::Endpoint elsewhere = asked.to;
         elsewhere.address[3] = 99;
         replies.SendFrom(elsewhere, Nxdomain(asked));
       }},
      {"another server of the sweep",
       [](const Asked& asked, SimReplies& replies) {
         netio::Endpoint elsewhere = asked.to;
         elsewhere.address[3] = elsewhere.address[3] == 1 ? 2 : 1;
         replies.SendFrom(elsewhere, Nxdomain(asked));
       }},
      {"a query",
       [](const Asked& asked, SimReplies& replies) {
         std::vector<uint8_t> bytes = Nxdomain(asked);
         bytes[2] &= 0x7F;
         replies.Send(bytes);
       }},
      {"the wrong cookie",
       [](const Asked& asked, SimReplies& replies) {
         Asked other = asked;
         other.cookie[0] ^= 1;
         Response response = Answering(asked, kAa | 3);
         replies.Send(Bytes(asked, WithCookie(response, other)));
       }},
      {"rubbish",
       [](const Asked& asked, SimReplies& replies) {
         std::vector<uint8_t> bytes = Nxdomain(asked);
         bytes.resize(bytes.size() - 3);
         replies.Send(bytes);
       }},
  };
  for (const auto& test : cases) {
    ScriptedSweep sweep({.servers = 2}, [&test](const Asked& asked, SimReplies& replies) {
      if (asked.nth == 0) test.forge(asked, replies);
      replies.Send(Name(asked), milliseconds(20));
    });
    ASSERT_TRUE(sweep.Run()) << test.name;
    EXPECT_EQ(sweep.row().ptr_status, "NOERROR") << test.name;
  }
}

TEST(LookupsWireTest, AbsenceOnlyFromWhoSpeaksForTheName) {
  const struct {
    const char* name;
    uint16_t flags;
    const char* status;
  } cases[] = {{"AA", kAa | 3, "NXDOMAIN"},
               {"RA", kRa | 3, "NXDOMAIN"},
               {"neither", 3, "LAME"},
               {"NODATA with AA", kAa, "NODATA"},
               {"NODATA with neither", 0, "LAME"}};
  for (const auto& test : cases) {
    ScriptedSweep sweep({.servers = 2}, [&test](const Asked& asked, SimReplies& replies) {
      replies.Send(
          Bytes(asked, Answering(asked, test.flags)
                           .Add(codec::dns::Message::Section::kAuthority, "in-addr.arpa.", Type::kSoa, 60,
                                codec::dns::SoaRdata("ns.example.", "h.example.", 60))));
    });
    ASSERT_TRUE(sweep.Run()) << test.name;
    EXPECT_EQ(sweep.row().ptr_status, test.status) << test.name;
  }
}

}  // namespace
}  // namespace scanner
