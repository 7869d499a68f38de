// TCP streams through both real transports, against a server that the test drives by hand.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "netio/sockaddr.h"
#include "tests/netio/transport_fixture.h"
#include "tests/netio/udp_server.h"

namespace netio {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes Message(size_t octets, uint8_t first) {
  Bytes message(octets);
  std::iota(message.begin(), message.end(), first);
  return message;
}

void AppendFramed(Bytes& out, const Bytes& message) {
  out.push_back(static_cast<uint8_t>(message.size() >> 8));
  out.push_back(static_cast<uint8_t>(message.size() & 0xFF));
  out.insert(out.end(), message.begin(), message.end());
}

class StreamTest : public TransportTest {
 protected:
  void SetUp() override { Open({.ipv4_ports = 1, .ipv6_ports = 1}); }

  void Listen(Family family) {
    listener_ = BoundSocket(family, SOCK_STREAM, server_);
    ASSERT_EQ(listen(listener_.get(), 16), 0);
  }

  // Connects and accepts.
  void Connect(Family family = Family::kIpv4) {
    Listen(family);
    stream_ = transport_->outbox().OpenStream(server_);
    ASSERT_NE(stream_, StreamIndex::kNone);
    ASSERT_TRUE(RunUntil([&] { return opened_ == 1; }, Absorb()));
    peer_ = FileDescriptor(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    ASSERT_TRUE(peer_.valid());
    const int on = 1;
    setsockopt(peer_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    constexpr timeval kTimeout{.tv_sec = 10, .tv_usec = 0};
    setsockopt(peer_.get(), SOL_SOCKET, SO_RCVTIMEO, &kTimeout, sizeof(kTimeout));
  }

  std::function<void(const Event&)> Absorb() {
    return [this](const Event& event) {
      EXPECT_EQ(event.server, server_);
      EXPECT_EQ(event.stream, stream_);
      switch (event.kind) {
        case Event::Kind::kMessage:
          messages_.emplace_back(event.bytes.begin(), event.bytes.end());
          break;
        case Event::Kind::kStreamOpen:
          ++opened_;
          break;
        case Event::Kind::kStreamClosed:
          closed_.push_back(event.error);
          break;
        case Event::Kind::kSendFailed:
          failed_.push_back(event.error);
          break;
        case Event::Kind::kUnreachable:
        case Event::Kind::kDrops:
          ADD_FAILURE();
      }
    };
  }

  bool SendMessage(const Bytes& message) {
    const std::span<uint8_t> bytes = transport_->outbox().Reserve(message.size());
    if (bytes.empty()) return false;
    std::copy(message.begin(), message.end(), bytes.begin());
    transport_->outbox().Send({.server = server_, .stream = stream_, .bytes = bytes});
    return true;
  }

  void PeerWrites(std::span<const uint8_t> bytes) {
    ASSERT_EQ(send(peer_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), std::ssize(bytes));
  }

  // Reads `octets` octets from the transport.
  Bytes PeerReads(size_t octets) {
    Bytes bytes(octets);
    EXPECT_EQ(recv(peer_.get(), bytes.data(), bytes.size(), MSG_WAITALL), std::ssize(bytes));
    return bytes;
  }

  Endpoint server_;
  FileDescriptor listener_;
  FileDescriptor peer_;
  StreamIndex stream_ = StreamIndex::kNone;
  int opened_ = 0;
  std::vector<Bytes> messages_;
  std::vector<int> closed_;
  std::vector<int> failed_;
};

TEST_P(StreamTest, FramesBothWays) {
  for (const Family family : {Family::kIpv4, Family::kIpv6}) {
    opened_ = 0;
    messages_.clear();
    Connect(family);
    const Bytes query = Message(40, 3);
    ASSERT_TRUE(SendMessage(query));
    transport_->Wait(MonotonicNow());
    Bytes framed;
    AppendFramed(framed, query);
    EXPECT_EQ(PeerReads(framed.size()), framed);
    PeerWrites(framed);
    EXPECT_TRUE(RunUntil([&] { return messages_.size() == 1; }, Absorb()));
    EXPECT_EQ(messages_.front(), query);
    closed_.clear();
    peer_.Close();
    EXPECT_TRUE(RunUntil([&] { return !closed_.empty(); }, Absorb()));
    EXPECT_EQ(closed_, std::vector<int>{0});
  }
  EXPECT_EQ(transport_->stats().streams_opened, 2U);
  EXPECT_EQ(transport_->stats().stream_messages_sent, 2U);
  EXPECT_EQ(transport_->stats().stream_messages_received, 2U);
}

// Two messages arrive in two pieces, cut at every place.
TEST_P(StreamTest, MessagesSplitAnywhereAreWhole) {
  Connect();
  Bytes framed;
  AppendFramed(framed, Message(5, 10));
  AppendFramed(framed, Message(1, 90));
  for (size_t cut = 0; cut <= framed.size(); ++cut) {
    SCOPED_TRACE(cut);
    messages_.clear();
    const auto pieces = std::span<const uint8_t>(framed);
    PeerWrites(pieces.first(cut));
    // The first piece is read before the second is there.
    const size_t complete = cut == framed.size() ? 2 : cut >= 7 ? 1 : 0;
    EXPECT_TRUE(RunUntil([&] { return messages_.size() == complete; }, Absorb()));
    for (int i = 0; i < 3; ++i) {
      for (const Event& event : transport_->Wait(MonotonicNow())) Absorb()(event);
    }
    EXPECT_EQ(messages_.size(), complete);
    PeerWrites(pieces.subspan(cut));
    EXPECT_TRUE(RunUntil([&] { return messages_.size() >= 2; }, Absorb()));
    EXPECT_EQ(messages_, (std::vector<Bytes>{Message(5, 10), Message(1, 90)}));
  }
}

TEST_P(StreamTest, LongestMessageAndItsNeighbour) {
  Connect();
  for (const size_t octets : {size_t{65'535}, size_t{65'534}, size_t{0}, size_t{1}}) {
    SCOPED_TRACE(octets);
    messages_.clear();
    Bytes framed;
    AppendFramed(framed, Message(octets, 1));
    std::thread writer([&] { PeerWrites(framed); });
    EXPECT_TRUE(RunUntil([&] { return messages_.size() == 1; }, Absorb()));
    writer.join();
    ASSERT_EQ(messages_.size(), 1U);
    EXPECT_EQ(messages_.front(), Message(octets, 1));
    if (octets == 0) continue;
    ASSERT_TRUE(SendMessage(Message(octets, 1)));
    Bytes read;
    std::thread reader([&] { read = PeerReads(framed.size()); });
    // The peer may be slow: what does not fit into the kernel's buffer is written when there is room.
    for (int i = 0; i < 20; ++i) transport_->Wait(MonotonicNow() + std::chrono::milliseconds(5));
    reader.join();
    EXPECT_EQ(read, framed);
  }
  ASSERT_TRUE(SendMessage(Bytes(65'536)));
  EXPECT_TRUE(RunUntil([&] { return !failed_.empty(); }, Absorb()));
  EXPECT_EQ(failed_, std::vector<int>{EMSGSIZE});
}

TEST_P(StreamTest, ThousandQueriesArePipelined) {
  Connect();
  constexpr size_t kQueries = 1'000;
  std::thread echo([&] {
    for (size_t i = 0; i < kQueries; ++i) PeerWrites(PeerReads(2 + 30 + i % 50));
  });
  for (size_t i = 0; i < kQueries; ++i)
    ASSERT_TRUE(SendMessage(Message(30 + i % 50, static_cast<uint8_t>(i))));
  EXPECT_TRUE(RunUntil([&] { return messages_.size() == kQueries; }, Absorb())) << messages_.size();
  echo.join();
  for (size_t i = 0; i < messages_.size(); ++i)
    EXPECT_EQ(messages_[i], Message(30 + i % 50, static_cast<uint8_t>(i)));
  EXPECT_TRUE(failed_.empty());
}

// More small messages in one segment than one Wait delivers.
TEST_P(StreamTest, ManyMessagesInOneReadAllArrive) {
  Connect();
  constexpr size_t kMessages = 5'000;
  Bytes framed;
  for (size_t i = 0; i < kMessages; ++i) AppendFramed(framed, Message(1, static_cast<uint8_t>(i)));
  PeerWrites(framed);
  peer_.Close();
  EXPECT_TRUE(RunUntil([&] { return !closed_.empty(); }, Absorb()));
  ASSERT_EQ(messages_.size(), kMessages);
  for (size_t i = 0; i < kMessages; ++i) EXPECT_EQ(messages_[i], Message(1, static_cast<uint8_t>(i)));
  EXPECT_EQ(closed_, std::vector<int>{0});
}

TEST_P(StreamTest, RefusedConnectionCloses) {
  Listen(Family::kIpv4);
  listener_.Close();
  stream_ = transport_->outbox().OpenStream(server_);
  EXPECT_TRUE(RunUntil([&] { return !closed_.empty(); }, Absorb()));
  EXPECT_EQ(closed_, std::vector<int>{ECONNREFUSED});
  EXPECT_EQ(opened_, 0);
}

struct EndCase {
  const char* name;
  size_t octets;  // Of a framed message of 7 octets, before the peer ends.
  int error;
};

TEST_P(StreamTest, PeerEndingMidMessageIsAnError) {
  constexpr EndCase kCases[] = {{"nothing", 0, 0},
                                {"half a length", 1, ECONNRESET},
                                {"a length", 2, ECONNRESET},
                                {"all but one", 6, ECONNRESET},
                                {"a whole message", 7, 0}};
  Bytes framed;
  AppendFramed(framed, Message(5, 1));
  for (const EndCase& test : kCases) {
    SCOPED_TRACE(test.name);
    opened_ = 0;
    closed_.clear();
    messages_.clear();
    Connect();
    PeerWrites(std::span<const uint8_t>(framed).first(test.octets));
    peer_.Close();
    EXPECT_TRUE(RunUntil([&] { return !closed_.empty(); }, Absorb()));
    EXPECT_EQ(closed_, std::vector<int>{test.error});
    EXPECT_EQ(messages_.size(), test.octets == 7 ? 1U : 0U);
  }
}

TEST_P(StreamTest, ClosingEndsTheStreamOnceAndFreesItsIndex) {
  Connect();
  ASSERT_TRUE(SendMessage(Message(4, 9)));
  transport_->outbox().CloseStream(stream_);
  transport_->outbox().CloseStream(stream_);
  EXPECT_TRUE(RunUntil([&] { return !closed_.empty(); }, Absorb()));
  EXPECT_EQ(closed_, std::vector<int>{0});
  Bytes framed;
  AppendFramed(framed, Message(4, 9));
  EXPECT_EQ(PeerReads(framed.size()), framed);
  const StreamIndex before = stream_;
  ASSERT_TRUE(SendMessage(Message(4, 9)));
  EXPECT_TRUE(RunUntil([&] { return !failed_.empty(); }, Absorb()));
  EXPECT_EQ(failed_, std::vector<int>{ENOTCONN});
  stream_ = transport_->outbox().OpenStream(server_);
  EXPECT_EQ(stream_, before);
  EXPECT_TRUE(RunUntil([&] { return opened_ == 2; }, Absorb()));
}

TEST_P(StreamTest, PeerThatReadsNothingMeetsABound) {
  Connect();
  for (int i = 0; i < 1'000 && failed_.empty(); ++i) {
    ASSERT_TRUE(SendMessage(Message(60'000, 1)));
    for (const Event& event : transport_->Wait(MonotonicNow())) Absorb()(event);
  }
  ASSERT_FALSE(failed_.empty());
  EXPECT_EQ(failed_.front(), ENOBUFS);
}

TEST_P(StreamTest, NoMoreStreamsThanAskedFor) {
  Reopen(GetParam().io, {.max_streams = 2});
  Listen(Family::kIpv4);
  EXPECT_NE(transport_->outbox().OpenStream(server_), StreamIndex::kNone);
  EXPECT_NE(transport_->outbox().OpenStream(server_), StreamIndex::kNone);
  EXPECT_EQ(transport_->outbox().OpenStream(server_), StreamIndex::kNone);
}

INSTANTIATE_TEST_SUITE_P(Real, StreamTest, testing::ValuesIn(kRealModes), ModeName);

}  // namespace
}  // namespace netio
