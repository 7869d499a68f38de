#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "netio/sim_network.h"
#include "tests/netio/sim_test_lab.h"

namespace netio {
namespace {

using std::chrono::milliseconds;
using Kind = Event::Kind;

const Endpoint kServer = At("192.0.2.1:53");
const Endpoint kNobody = At("192.0.2.99:53");

std::vector<std::pair<Kind, std::string>> Story(const std::vector<KeptEvent>& events) {
  std::vector<std::pair<Kind, std::string>> story;
  story.reserve(events.size());
  for (const KeptEvent& kept : events) story.emplace_back(kept.event.kind, kept.text);
  return story;
}

class SimStreams : public testing::Test {
 protected:
  SimStreams() { network_.AddHost(kServer, host_); }

  SimNetwork network_{1};
  EchoHost host_;
  SimTransport transport_{network_, LabOptions()};
};

TEST_F(SimStreams, OpensAndCarriesMessagesInOrderWhateverTheirDelay) {
  SimFaults faults;
  faults.min_delay = milliseconds(1);
  faults.max_delay = milliseconds(90);
  network_.SetFaults(faults);
  const StreamIndex stream = transport_.outbox().OpenStream(kServer);
  std::vector<std::pair<Kind, std::string>> expected = {{Kind::kStreamOpen, ""}};
  for (int i = 0; i < 50; ++i) {
    const std::string text = "m" + std::to_string(i);
    ASSERT_TRUE(SendText(transport_, kServer, text, 0, stream));
    expected.emplace_back(Kind::kMessage, text);
  }
  const std::vector<KeptEvent> events = RunDry(network_, transport_);
  EXPECT_EQ(Story(events), expected);
  for (const KeptEvent& kept : events) EXPECT_EQ(kept.event.stream, stream);
  EXPECT_EQ(transport_.stats().streams_opened, 1U);
  EXPECT_EQ(transport_.stats().stream_messages_sent, 50U);
  EXPECT_EQ(transport_.stats().stream_messages_received, 50U);
}

TEST_F(SimStreams, IsRefusedWhereNobodyListens) {
  const StreamIndex stream = transport_.outbox().OpenStream(kNobody);
  SendText(transport_, kNobody, "lost", 0, stream);
  const std::vector<KeptEvent> events = RunDry(network_, transport_);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].event.kind, Kind::kStreamClosed);
  EXPECT_EQ(events[0].event.error, ECONNREFUSED);
}

TEST_F(SimStreams, ARefusedOpenCarriesNothingToTheHost) {
  for (const Duration delay : {Duration(0), Duration(milliseconds(1))}) {
    SimFaults faults;
    faults.min_delay = faults.max_delay = delay;
    faults.stream_refusal = 1;
    network_.SetFaults(faults);
    SendText(transport_, kServer, "lost", 0, transport_.outbox().OpenStream(kServer));
    const std::vector<KeptEvent> events = RunDry(network_, transport_);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].event.error, ECONNREFUSED);
    EXPECT_TRUE(host_.seen.empty());
  }
}

TEST_F(SimStreams, ASilentOpenEndsOnlyWhenItIsClosedHere) {
  SimFaults faults;
  faults.stream_silence = 1;
  network_.SetFaults(faults);
  const StreamIndex stream = transport_.outbox().OpenStream(kServer);
  EXPECT_TRUE(RunDry(network_, transport_).empty());
  transport_.outbox().CloseStream(stream);
  const std::vector<KeptEvent> events = RunDry(network_, transport_);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].event.kind, Kind::kStreamClosed);
  EXPECT_EQ(events[0].event.error, 0);
}

TEST_F(SimStreams, AResetEndsTheStreamWithoutAnAnswer) {
  SimFaults faults;
  faults.stream_reset = 1;
  network_.SetFaults(faults);
  SendText(transport_, kServer, "x", 0, transport_.outbox().OpenStream(kServer));
  const std::vector<KeptEvent> events = RunDry(network_, transport_);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].event.kind, Kind::kStreamClosed);
  EXPECT_EQ(events[1].event.error, ECONNRESET);
  EXPECT_TRUE(host_.seen.empty());
}

TEST_F(SimStreams, TheHostClosesBehindItsReply) {
  const StreamIndex stream = transport_.outbox().OpenStream(kServer);
  SendText(transport_, kServer, "close", 0, stream);
  const std::vector<KeptEvent> events = RunDry(network_, transport_);
  const std::vector<std::pair<Kind, std::string>> expected = {
      {Kind::kStreamOpen, ""}, {Kind::kMessage, "close"}, {Kind::kStreamClosed, ""}};
  EXPECT_EQ(Story(events), expected);
  EXPECT_EQ(events[2].event.error, 0);
}

TEST_F(SimStreams, AStreamEndsOnceAlsoWhenBothSidesCloseIt) {
  const StreamIndex stream = transport_.outbox().OpenStream(kServer);
  SendText(transport_, kServer, "close", 0, stream);
  transport_.Flush();
  network_.AdvanceTo(Instant(milliseconds(4)));  // The host's close has arrived, the engine has not looked.
  transport_.outbox().CloseStream(stream);
  std::vector<KeptEvent> events = RunDry(network_, transport_);
  EXPECT_EQ(std::count_if(events.begin(), events.end(),
                          [](const KeptEvent& e) { return e.event.kind == Kind::kStreamClosed; }),
            1);
}

TEST_F(SimStreams, AnIndexIsUsedAgainAfterItsEndWasSeenAndGetsNothingOfTheOldStream) {
  SimTransportOptions options = LabOptions(2);
  options.max_streams = 1;
  SimTransport transport(network_, options);
  host_.think = milliseconds(50);
  const StreamIndex stream = transport.outbox().OpenStream(kServer);
  ASSERT_EQ(transport.outbox().OpenStream(kServer), StreamIndex::kNone);
  SendText(transport, kServer, "old", 0, stream);
  transport.Flush();
  network_.AdvanceTo(Instant(milliseconds(10)));
  ASSERT_EQ(host_.seen.size(), 1U);
  transport.outbox().CloseStream(stream);
  std::vector<KeptEvent> events;
  Collect(transport, events);
  ASSERT_EQ(events.back().event.kind, Kind::kStreamClosed);
  EXPECT_EQ(transport.outbox().OpenStream(kServer), StreamIndex::kNone);
  transport.Flush();
  ASSERT_EQ(transport.outbox().OpenStream(kServer), stream);
  SendText(transport, kServer, "new", 0, stream);
  const std::vector<std::pair<Kind, std::string>> expected = {{Kind::kStreamOpen, ""},
                                                              {Kind::kMessage, "new"}};
  EXPECT_EQ(Story(RunDry(network_, transport)), expected);
}

}  // namespace
}  // namespace netio
