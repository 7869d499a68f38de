// How questions are asked (SPEC section 3): scripted servers, judged by the packets that they saw.
#include "scanner/core/lookups.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/scanner/core/scripted_sweep.h"

namespace scanner {
namespace {

using codec::dns::Append16;
using codec::dns::Response;
using codec::dns::Type;
using netio::SimReplies;
using std::chrono::milliseconds;
using std::chrono::seconds;

void Silence(const Asked& /*asked*/, SimReplies& /*replies*/) {}

std::vector<uint8_t> Name(const Asked& asked) { return Ptr(asked, {"host.example."}); }

// ---- Silence ----

TEST(LookupsTest, RetriesSayHowOftenASilentServerIsAsked) {
  for (const uint32_t retries : {0U, 1U, 2U, 3U, 7U, 31U, 32U, 200U}) {
    ScriptedSweep sweep({.policy = {.retries = retries, .timeout = milliseconds(50)}}, Silence);
    ASSERT_TRUE(sweep.Run()) << retries;
    EXPECT_EQ(sweep.asked().size(), std::min(retries + 1, 32U)) << retries;
    EXPECT_EQ(sweep.row().reason, "ptr_timeout");
    EXPECT_EQ(sweep.row().ptr_status, "TIMEOUT");
    EXPECT_EQ(sweep.row().attempts, static_cast<int>(sweep.asked().size()));
    EXPECT_TRUE(sweep.engine().Idle());
  }
}

TEST(LookupsTest, NoTimeoutBeforeTenSeconds) {
  for (const uint32_t retries : {0U, 1U, 3U}) {
    for (const std::optional<Duration> timeout :
         {std::optional<Duration>(), std::optional<Duration>(milliseconds(100))}) {
      ScriptedSweep sweep({.policy = {.retries = retries, .timeout = timeout}}, Silence);
      ASSERT_TRUE(sweep.Run());
      const Instant first_ask = sweep.asked().front().at - milliseconds(1);
      EXPECT_GE(sweep.row().at, first_ask + seconds(10)) << retries;
    }
  }
}

TEST(LookupsTest, LateAnswersCountUntilTenSecondsHavePassed) {
  const struct {
    Duration after;
    const char* status;
  } cases[] = {
      {milliseconds(300), "NOERROR"}, {milliseconds(9'900), "NOERROR"}, {milliseconds(10'100), "TIMEOUT"}};
  for (const auto& test : cases) {
    ScriptedSweep sweep({.policy = {.retries = 1, .timeout = milliseconds(100)}},
                        [&test](const Asked& asked, SimReplies& replies) {
                          if (asked.nth == 0) replies.Send(Name(asked), test.after);
                        });
    ASSERT_TRUE(sweep.Run());
    EXPECT_EQ(sweep.row().ptr_status, test.status) << test.after.count();
    EXPECT_EQ(sweep.asked().size(), 2U);
  }
}

TEST(LookupsTest, SilenceNeverDropsEdns) {
  ScriptedSweep sweep({.servers = 2, .policy = {.retries = 6, .edns_size = 1400}}, Silence);
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.asked().size(), 7U);
  for (const Asked& asked : sweep.asked()) EXPECT_EQ(asked.udp_size, 1400);
}

TEST(LookupsTest, AnotherServerIsAskedBeforeTheSameAgain) {
  for (const uint32_t servers : {2U, 3U, 5U}) {
    ScriptedSweep sweep({.servers = servers, .policy = {.retries = 6, .timeout = milliseconds(100)}},
                        Silence);
    ASSERT_TRUE(sweep.Run());
    ASSERT_EQ(sweep.asked().size(), 7U);
    for (size_t i = 1; i < sweep.asked().size(); ++i) {
      EXPECT_NE(sweep.asked()[i].server, sweep.asked()[i - 1].server) << servers << " " << i;
    }
    std::set<uint32_t> seen;
    for (const Asked& asked : sweep.asked()) seen.insert(asked.server);
    EXPECT_EQ(seen.size(), servers);
  }
}

TEST(LookupsTest, ADeadServerAmongLiveOnesCostsNoRow) {
  ScriptedSweep sweep({.targets = {"198.18.0.0/22"}, .servers = 2, .absent = 1},
                      [](const Asked& asked, SimReplies& replies) { replies.Send(Name(asked)); });
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.rows().size(), 1024U);
  for (const auto& [address, row] : sweep.rows()) EXPECT_EQ(row.ptr_status, "NOERROR") << address;
  EXPECT_LT(sweep.servers().pace(ServerIndex{2}).counts().sent, 100U) << "hammered, though it is not there";
}

TEST(LookupsTest, ASilentServerAmongLiveOnesCostsNoRow) {
  ScriptedSweep sweep({.targets = {"198.18.0.0/21"}, .servers = 3},
                      [](const Asked& asked, SimReplies& replies) {
                        if (asked.server != 1) replies.Send(Name(asked));
                      });
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.rows().size(), 2048U);
  for (const auto& [address, row] : sweep.rows()) EXPECT_EQ(row.ptr_status, "NOERROR") << address;
  EXPECT_LT(sweep.AskedOf(1).size(), 200U) << "hammered, though it is silent";
}

TEST(LookupsTest, NobodyThereIsUnreachable) {
  ScriptedSweep sweep({.servers = 0, .absent = 1}, Silence);
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.row().ptr_status, "UNREACHABLE");
  EXPECT_EQ(sweep.row().reason, "ptr_timeout");
}

// ---- Errors ----

TEST(LookupsTest, ServfailIsNotRepeatedAtOneResolverWithinASecond) {
  const struct {
    const char* name;
    uint32_t servers;
    uint32_t silent;  // Of these, the last ones.
    uint32_t retries;
  } cases[] = {{"one", 1, 0, 3},
               {"one, many retries", 1, 0, 20},
               {"two", 2, 0, 3},
               {"three", 3, 0, 20},
               {"one fails, one is silent", 2, 1, 3}};
  for (const auto& test : cases) {
    ScriptedSweep sweep(
        {.servers = test.servers, .policy = {.retries = test.retries, .timeout = milliseconds(100)}},
        [&test](const Asked& asked, SimReplies& replies) {
          if (asked.server + test.silent < test.servers) {
            replies.Send(Rcode(asked, codec::dns::Rcode::kServfail));
          }
        });
    ASSERT_TRUE(sweep.Run()) << test.name;
    EXPECT_EQ(sweep.row().ptr_status, "SERVFAIL") << test.name;
    EXPECT_GE(sweep.asked().size(), 2U) << test.name;
    for (uint32_t server = 0; server + test.silent < test.servers; ++server) {
      const std::vector<Asked> asked = sweep.AskedOf(server);
      for (size_t i = 1; i < asked.size(); ++i) {
        EXPECT_GE(asked[i].at - asked[i - 1].at, seconds(1)) << test.name << ", server " << server;
      }
    }
  }
}

TEST(LookupsTest, OneResolverThatFailsIsMadeGoodByAnother) {
  for (const auto rcode :
       {codec::dns::Rcode::kServfail, codec::dns::Rcode::kRefused, codec::dns::Rcode{11}}) {
    ScriptedSweep sweep({.servers = 2}, [rcode](const Asked& asked, SimReplies& replies) {
      replies.Send(asked.nth == 0 ? Rcode(asked, rcode) : Name(asked));
    });
    ASSERT_TRUE(sweep.Run());
    EXPECT_EQ(sweep.row().ptr_status, "NOERROR");
    ASSERT_EQ(sweep.asked().size(), 2U);
    EXPECT_NE(sweep.asked()[0].server, sweep.asked()[1].server);
  }
}

TEST(LookupsTest, WithoutEdnsOnceAndRemembered) {
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

TEST(LookupsTest, FormerrWithoutAQuestionIsAHintToo) {
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

TEST(LookupsTest, OneServersLackOfEdnsIsNotAnothers) {
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

TEST(LookupsTest, BadcookieIsAskedAgainWithTheNewCookie) {
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

TEST(LookupsTest, BadcookieAgainGoesToTcp) {
  ScriptedSweep sweep({}, [](const Asked& asked, SimReplies& replies) {
    replies.Send(asked.over_tcp ? Name(asked) : Badcookie(asked));
  });
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.row().ptr_status, "NOERROR");
  ASSERT_EQ(sweep.asked().size(), 3U);
  EXPECT_FALSE(sweep.asked()[1].over_tcp);
  EXPECT_TRUE(sweep.asked()[2].over_tcp);
}

TEST(LookupsTest, AServerKnownToDoCookiesIsHeldToThem) {
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

TEST(LookupsTest, NoCookiesSendsNone) {
  ScriptedSweep sweep({.policy = {.cookies = false}},
                      [](const Asked& asked, SimReplies& replies) { replies.Send(Name(asked)); });
  ASSERT_TRUE(sweep.Run());
  EXPECT_TRUE(sweep.asked()[0].edns());
  EXPECT_TRUE(sweep.asked()[0].cookie.empty());
}

// ---- TCP ----

std::vector<uint8_t> Truncated(const Asked& asked) { return Bytes(asked, Answering(asked, kAa | kTc)); }

TEST(LookupsTest, TruncatedAnswersComeOverOneConnectionAServer) {
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

TEST(LookupsTest, WithoutTcpItIsTruncated) {
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

TEST(LookupsTest, AConnectionThatClosesIsOpenedOnceMore) {
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

TEST(LookupsTest, AnotherCaseIsAskedAgainOverTcp) {
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

TEST(LookupsTest, OnlyTheRightAnswerIsBelieved) {
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

TEST(LookupsTest, AbsenceOnlyFromWhoSpeaksForTheName) {
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

// ---- Bounds ----

TEST(LookupsTest, NoQuestionIsAskedMoreThan32Times) {
  // A server that limits: losses and refusals cost nothing then, and still there is an end.
  netio::SimRandom random(1);
  ScriptedSweep sweep({.targets = {"198.18.0.0/22"}, .policy = {.retries = 30}},
                      [&random](const Asked& asked, SimReplies& replies) {
                        const uint64_t drawn = random.Below(10);
                        if (drawn < 2) replies.Send(Rcode(asked, codec::dns::Rcode::kRefused));
                        if (drawn == 2) replies.Send(Name(asked));
                      });
  ASSERT_TRUE(sweep.Run(std::chrono::hours(4)));
  std::map<std::string, uint32_t> asks;
  for (const Asked& asked : sweep.asked()) ++asks[asked.name];
  for (const auto& [name, times] : asks) EXPECT_LE(times, LookupPolicy::kMaxAsks) << name;
  EXPECT_EQ(sweep.rows().size(), 1024U);
}

TEST(LookupsTest, TheWindowHolds) {
  for (const uint32_t window : {1U, 2U, 33U}) {
    uint32_t most = 0;
    ScriptedSweep sweep({.targets = {"198.18.0.0/24"}, .servers = 2, .policy = {.window = window}},
                        [](const Asked& asked, SimReplies& replies) { replies.Send(Name(asked)); });
    while (!sweep.engine().Done()) {
      sweep.Turn(Instant::max());
      most = std::max(most, sweep.engine().lookups().in_flight());
    }
    EXPECT_EQ(most, window);
  }
}

TEST(LookupsTest, IdsAndPortsAreSpread) {
  ScriptedSweep sweep({.targets = {"198.18.0.0/22"}},
                      [](const Asked& asked, SimReplies& replies) { replies.Send(Name(asked)); });
  ASSERT_TRUE(sweep.Run());
  std::set<uint16_t> ids;
  std::set<uint16_t> ports;
  for (const Asked& asked : sweep.asked()) {
    ids.insert(asked.id);
    ports.insert(asked.from.port);
  }
  EXPECT_GT(ids.size(), 980U);
  EXPECT_EQ(ports.size(), 4U);
}

TEST(LookupsTest, NobodyAnswersIsToldApartFromSomebody) {
  ScriptedSweep silent({}, Silence);
  while (silent.now() < Instant(seconds(10))) {
    silent.Turn(Instant(seconds(10)));
    ASSERT_FALSE(silent.engine().lookups().NobodyAnswers(silent.now()));
  }
  ASSERT_TRUE(silent.Run());
  EXPECT_TRUE(silent.engine().lookups().NobodyAnswers(silent.now()));
  ScriptedSweep refusing({}, [](const Asked& asked, SimReplies& replies) {
    replies.Send(Rcode(asked, codec::dns::Rcode::kRefused));
  });
  ASSERT_TRUE(refusing.Run());
  EXPECT_FALSE(refusing.engine().lookups().NobodyAnswers(refusing.now() + seconds(100)));
}

}  // namespace
}  // namespace scanner
