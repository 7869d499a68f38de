#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "codec/dns/answer.h"
#include "codec/dns/message.h"
#include "codec/dns/query.h"
#include "tests/tools/arpasim/arpasim_process.h"
#include "tools/arpasim/core/model.h"
#include "tools/arpasim/core/truth_csv.h"

namespace arpasim {
namespace {

using codec::dns::Answer;
using codec::dns::AnswerKind;
using codec::dns::Message;
using codec::dns::Type;
using testing::HasSubstr;
using Bytes = std::vector<uint8_t>;

Bytes PtrQuery(const char* address, uint16_t id) {
  Name name;
  WriteReverse(*ParseAddress(address), name);
  Bytes query(codec::dns::QueryTemplate::kMaxOctets);
  query.resize(codec::dns::QueryTemplate({}).Write(query, id, name.view(), Type::kPtr));
  return query;
}

// A socket on loopback that waits at most ten seconds for each read.
class Client {
 public:
  Client(const char* server, uint16_t port, int type) {
    const bool v6 = std::string_view(server).find(':') != std::string_view::npos;
    fd_ = socket(v6 ? AF_INET6 : AF_INET, type, 0);
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in6 to6{};
    sockaddr_in to4{};
    to6.sin6_family = AF_INET6;
    to6.sin6_port = htons(port);
    to4.sin_family = AF_INET;
    to4.sin_port = htons(port);
    inet_pton(v6 ? AF_INET6 : AF_INET, server, v6 ? static_cast<void*>(&to6.sin6_addr) : &to4.sin_addr);
    connected_ =
        fd_ >= 0 && connect(fd_, v6 ? reinterpret_cast<sockaddr*>(&to6) : reinterpret_cast<sockaddr*>(&to4),
                            v6 ? sizeof to6 : sizeof to4) == 0;
  }
  ~Client() { close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  int fd() const { return fd_; }
  void Send(const Bytes& bytes) const {
    EXPECT_EQ(send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  Bytes Receive() const {
    Bytes bytes(65'536);
    const ssize_t got = recv(fd_, bytes.data(), bytes.size(), 0);
    bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return bytes;
  }
  // One message of a stream.
  Bytes ReceiveFramed() const {
    std::array<uint8_t, 2> length{};
    if (recv(fd_, length.data(), 2, MSG_WAITALL) != 2) return {};
    Bytes bytes(static_cast<size_t>(length[0]) << 8 | length[1]);
    if (recv(fd_, bytes.data(), bytes.size(), MSG_WAITALL) != static_cast<ssize_t>(bytes.size())) return {};
    return bytes;
  }

 private:
  int fd_;
  bool connected_;
};

uint16_t IdOf(const Bytes& response) { return Message::PeekId(response).value_or(0); }

struct ListenRow {
  const char* listen;
  const char* server;
  const char* address;
  const char* plain;
};

TEST(Serve, AnswersFromTheAddressThatWasAsked) {
  const ListenRow rows[] = {{"127.0.0.1:0", "127.0.0.1", "198.18.0.7", ""},
                            {"127.0.0.1:0", "127.0.0.1", "198.18.0.7", "--plain"},
                            {"0.0.0.0:0", "127.0.3.4", "198.18.0.7", ""},
                            {"[::1]:0", "::1", "2001:db8::7", ""},
                            {"[::]:0", "::1", "2001:db8::7", ""}};
  for (const ListenRow& row : rows) {
    std::vector<std::string> arguments = {"serve", "--listen", row.listen, "--mix", "pass=1"};
    if (*row.plain != 0) arguments.emplace_back(row.plain);
    ArpasimProcess server(arguments);
    const uint16_t port = server.ReadPort();
    ASSERT_NE(port, 0) << row.listen;
    const Client client(row.server, port, SOCK_DGRAM);
    client.Send(PtrQuery(row.address, 99));
    const Bytes response = client.Receive();
    Message message;
    ASSERT_EQ(Message::Parse(response, message), codec::dns::ParseError::kNone) << row.listen;
    EXPECT_EQ(message.id(), 99);
    EXPECT_EQ(message.count(Message::Section::kAnswer), 1);
    const ArpasimProcess::Result result = server.Stop();
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.out, HasSubstr("\"queries\":1,\"types\":{\"PTR\":1,"));
  }
}

TEST(Serve, TruncatesOverUdpAndPipelinesOverTcp) {
  ArpasimProcess server({"serve", "--mix", "big_ptr=1", "--threads", "2"});
  const uint16_t port = server.ReadPort();
  const Client udp("127.0.0.1", port, SOCK_DGRAM);
  udp.Send(PtrQuery("198.18.0.7", 1));
  Message message;
  const Bytes cut = udp.Receive();
  ASSERT_EQ(Message::Parse(cut, message), codec::dns::ParseError::kNone);
  EXPECT_TRUE(message.truncated());
  EXPECT_LE(cut.size(), 1232);

  const Client tcp("127.0.0.1", port, SOCK_STREAM);
  ASSERT_TRUE(tcp.connected());
  Bytes stream;
  for (uint16_t id = 1; id <= 50; ++id) {
    const Bytes query = PtrQuery("198.18.0.7", id);
    stream.push_back(static_cast<uint8_t>(query.size() >> 8));
    stream.push_back(static_cast<uint8_t>(query.size()));
    stream.insert(stream.end(), query.begin(), query.end());
  }
  for (size_t at = 0; at < stream.size(); at += 7) {  // Never a whole query at once.
    const auto end = static_cast<ptrdiff_t>(std::min(at + 7, stream.size()));
    tcp.Send(Bytes(stream.begin() + static_cast<ptrdiff_t>(at), stream.begin() + end));
  }
  for (uint16_t id = 1; id <= 50; ++id) {
    const Bytes response = tcp.ReceiveFramed();
    ASSERT_EQ(Message::Parse(response, message), codec::dns::ParseError::kNone);
    EXPECT_EQ(message.id(), id);
    EXPECT_FALSE(message.truncated());
    EXPECT_GE(message.count(Message::Section::kAnswer), 40);
  }
  EXPECT_THAT(server.Stop().out, HasSubstr("\"tcp\":50,"));
}

// Sends 30 queries of one length, ids 10 to 39, in one call: the server sees them at one instant.
void SendSegments(const Client& client) {
  Bytes queries;
  const size_t length = PtrQuery("198.18.0.10", 0).size();
  for (int i = 10; i < 40; ++i) {
    const Bytes query = PtrQuery(("198.18.0." + std::to_string(i)).c_str(), static_cast<uint16_t>(i));
    ASSERT_EQ(query.size(), length);
    queries.insert(queries.end(), query.begin(), query.end());
  }
  const auto segment = static_cast<int>(length);
  ASSERT_EQ(setsockopt(client.fd(), IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof segment), 0);
  client.Send(queries);
}

TEST(Serve, TakesSegmentsApart) {
  ArpasimProcess server({"serve", "--mix", "pass=1"});
  const Client client("127.0.0.1", server.ReadPort(), SOCK_DGRAM);
  SendSegments(client);
  std::set<uint16_t> ids;
  for (int i = 10; i < 40; ++i) ids.insert(IdOf(client.Receive()));
  EXPECT_EQ(ids.size(), 30);
  EXPECT_EQ(*ids.begin(), 10);
  EXPECT_THAT(server.Stop().out, HasSubstr("\"queries\":30,"));
}

TEST(Serve, SendsEveryFaultThatIsAskedFor) {
  ArpasimProcess server({"serve", "--mix", "pass=1", "--dup", "100%", "--wrong-id", "100%",
                         "--wrong-question", "100%", "--spoof", "100%", "--delay", "5", "--jitter", "3",
                         "--measure-rate"});
  const uint16_t port = server.ReadPort();
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  ASSERT_GE(fd, 0);
  const timeval patience{.tv_sec = 10, .tv_usec = 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const Bytes query = PtrQuery("198.18.0.7", 7);
  sendto(fd, query.data(), query.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to);
  int right = 0;
  int wrong_id = 0;
  int wrong_question = 0;
  int wrong_source = 0;
  Name name;
  WriteReverse(*ParseAddress("198.18.0.7"), name);
  for (int i = 0; i < 5; ++i) {
    Bytes response(4096);
    sockaddr_in from{};
    socklen_t length = sizeof from;
    const ssize_t got =
        recvfrom(fd, response.data(), response.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
    ASSERT_GT(got, 0);
    response.resize(static_cast<size_t>(got));
    Message message;
    ASSERT_EQ(Message::Parse(response, message), codec::dns::ParseError::kNone);
    const bool is_question = message.QuestionIs(name.view(), Type::kPtr);
    const bool is_server = from.sin_port == htons(port);
    wrong_id += message.id() != 7;
    wrong_question += !is_question;
    wrong_source += !is_server;
    right += message.id() == 7 && is_question && is_server;
    EXPECT_EQ(message.rcode() == codec::dns::Rcode::kNoError, message.id() == 7 && is_question && is_server);
  }
  close(fd);
  EXPECT_EQ(right, 2);
  EXPECT_EQ(wrong_id, 1);
  EXPECT_EQ(wrong_question, 1);
  EXPECT_EQ(wrong_source, 1);
  const std::string statistics = server.Stop().out;
  EXPECT_THAT(statistics, HasSubstr("\"duplicates\":1,\"forged\":3,"));
  EXPECT_THAT(statistics, HasSubstr("\"max_rate_of_a_source\":1,\"max_rate_of_a_server\":1,"));
}

TEST(Serve, LosesAtMostThreeInARow) {
  ArpasimProcess server({"serve", "--mix", "pass=1", "--loss", "100%"});
  const Client client("127.0.0.1", server.ReadPort(), SOCK_DGRAM);
  for (uint16_t id = 1; id <= 4; ++id) client.Send(PtrQuery("198.18.0.7", id));
  EXPECT_EQ(IdOf(client.Receive()), 4);
  const std::string statistics = server.Stop().out;
  EXPECT_THAT(statistics, HasSubstr("\"lost\":3,"));
  EXPECT_THAT(statistics, HasSubstr("\"repeated_asks\":3,\"max_asks_of_one_question\":4,"));
}

TEST(Serve, RefusesAboveTheLimit) {
  ArpasimProcess server(
      {"serve", "--mix", "pass=1", "--limit", "1", "--limit-burst", "2", "--limit-mode", "refused"});
  const Client client("127.0.0.1", server.ReadPort(), SOCK_DGRAM);
  SendSegments(client);
  std::map<codec::dns::Rcode, int> rcodes;
  for (int i = 10; i < 40; ++i) {
    const Bytes response = client.Receive();
    Message message;
    ASSERT_EQ(Message::Parse(response, message), codec::dns::ParseError::kNone);
    ++rcodes[message.rcode()];
  }
  EXPECT_EQ(rcodes[codec::dns::Rcode::kNoError], 2);
  EXPECT_EQ(rcodes[codec::dns::Rcode::kRefused], 28);
  EXPECT_THAT(server.Stop().out, HasSubstr("\"limited\":28,"));
}

TEST(Command, PrintsTheTruth) {
  ArpasimProcess truth(
      {"truth", "198.18.0.0/30", "2001:db8::/127", "198.18.0.1", "--seed", "5", "--mix", "all"});
  const ArpasimProcess::Result result = truth.Wait();
  EXPECT_EQ(result.status, 0);
  std::string expected;
  AppendHeader(AllFields(), expected);
  const Model model(5, Mix::All());
  for (const char* const address :
       {"198.18.0.0", "198.18.0.1", "198.18.0.2", "198.18.0.3", "2001:db8::", "2001:db8::1"}) {
    AppendRow(TruthOf(model, {}, *ParseAddress(address)), AllFields(), expected);
  }
  EXPECT_EQ(result.out, expected);
}

struct BadRow {
  std::vector<std::string> arguments;
  int status;
  const char* named;
};

TEST(Command, NamesWhatItCannotUse) {
  const BadRow rows[] = {{{}, 2, "subcommand"},
                         {{"serve", "--listen", "localhost:53"}, 2, "'localhost:53'"},
                         {{"serve", "--listen", "127.0.0.1:65536"}, 2, "'127.0.0.1:65536'"},
                         {{"serve", "--listen", "::1:53"}, 2, "'::1:53'"},
                         {{"serve", "--loss", "101%"}, 2, "'101%'"},
                         {{"serve", "--loss", "2"}, 2, "'2'"},
                         {{"serve", "--mix", "nope"}, 2, "'nope'"},
                         {{"serve", "--edns", "no"}, 2, "'no'"},
                         {{"serve", "--limit-mode", "x"}, 2, "'x'"},
                         {{"serve", "--threads", "0"}, 2, "--threads"},
                         {{"serve", "--max-udp", "511"}, 2, "--max-udp"},
                         {{"serve", "--listen", "192.0.2.1:53000"}, 1, "192.0.2.1:53000"},
                         {{"truth"}, 2, "PREFIX"},
                         {{"truth", "198.18.0.1/31"}, 2, "'198.18.0.1/31'"},
                         {{"truth", "198.18.0.0/33"}, 2, "'198.18.0.0/33'"},
                         {{"truth", "198.18.0.0/32", "--fields", "colour"}, 2, "'colour'"}};
  for (const BadRow& row : rows) {
    ArpasimProcess process(row.arguments);
    const ArpasimProcess::Result result = process.Wait();
    EXPECT_EQ(result.status, row.status) << row.named;
    EXPECT_THAT(result.err, HasSubstr(row.named));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_EQ(result.out, "");
  }
}

}  // namespace
}  // namespace arpasim
