#include "scanner/core/send_epochs.h"

#include <gtest/gtest.h>

namespace scanner {
namespace {

using std::chrono::milliseconds;

constexpr Instant At(int64_t epoch, Duration within = Duration::zero()) {
  return Instant(epoch * SendEpochs::kEpoch + within);
}

TEST(SendEpochsTest, CountsBelongToWhenAPacketWasSent) {
  SendEpochs epochs;
  epochs.Void(1000);
  epochs.Sent(At(1000));
  epochs.Sent(At(1000, SendEpochs::kEpoch - Duration(1)));
  epochs.Sent(At(1001));
  epochs.Answered(At(1000), milliseconds(40), false);
  epochs.Answered(At(1001), milliseconds(2), true);

  const SendEpochs::Counts first = epochs.TakeUntil(1001);
  EXPECT_EQ(first.sent, 2U);
  EXPECT_EQ(first.answered, 1U);
  EXPECT_EQ(first.pushed_back, 0U);
  EXPECT_EQ(first.rtt, Duration(milliseconds(40)).count());
  const SendEpochs::Counts second = epochs.TakeUntil(1002);
  EXPECT_EQ(second.sent, 1U);
  EXPECT_EQ(second.answered, 1U);
  EXPECT_EQ(second.pushed_back, 1U);
  EXPECT_EQ(epochs.TakeUntil(1002).sent, 0U) << "taken once";
  EXPECT_EQ(epochs.TakeLate(), 0U);
}

TEST(SendEpochsTest, AnAnswerToWhatWasTakenIsLate) {
  SendEpochs epochs;
  epochs.Void(1000);
  epochs.Sent(At(1000));
  epochs.TakeUntil(1001);
  epochs.Answered(At(1000), milliseconds(100), false);
  EXPECT_EQ(epochs.TakeLate(), 1U);
  EXPECT_EQ(epochs.TakeLate(), 0U);
  EXPECT_EQ(epochs.TakeUntil(1002).answered, 0U);
}

TEST(SendEpochsTest, WhatIsVoidIsNeitherSentNorAnsweredNorLate) {
  SendEpochs epochs;
  epochs.Void(1000);
  epochs.Sent(At(1000));
  epochs.Void(1002);
  epochs.Sent(At(1001));
  epochs.Sent(At(1002));
  epochs.Answered(At(1000), milliseconds(1), false);
  epochs.Answered(At(1001), milliseconds(1), false);
  EXPECT_EQ(epochs.TakeLate(), 0U);
  const SendEpochs::Counts counts = epochs.TakeUntil(1003);
  EXPECT_EQ(counts.sent, 1U);
  EXPECT_EQ(counts.answered, 0U);
}

TEST(SendEpochsTest, OneTurnLaterNothingIsLeft) {
  SendEpochs epochs;
  epochs.Void(1000);
  for (int64_t epoch = 1000; epoch < 1000 + SendEpochs::kEpochs; ++epoch) epochs.Sent(At(epoch));
  EXPECT_EQ(epochs.TakeUntil(1000 + SendEpochs::kEpochs).sent, static_cast<uint64_t>(SendEpochs::kEpochs));
  epochs.Sent(At(1000 + SendEpochs::kEpochs));
  EXPECT_EQ(epochs.TakeUntil(1001 + SendEpochs::kEpochs).sent, 1U);
  // An owner that was away for longer than is remembered.
  epochs.Sent(At(2000));
  EXPECT_LE(epochs.TakeUntil(9000).sent, 1U);
}

TEST(SendEpochsTest, AnswersToWhatWasVoidedAreToldApart) {
  SendEpochs epochs;
  epochs.Void(10);
  epochs.TakeUntil(12);
  epochs.Answered(SendEpochs::Begin(9), milliseconds(1), false);
  epochs.Answered(SendEpochs::Begin(10), milliseconds(1), false);
  epochs.Answered(SendEpochs::Begin(10), milliseconds(1), false);
  EXPECT_EQ(epochs.TakeVoided(), 1U);
  EXPECT_EQ(epochs.TakeVoided(), 0U);
  EXPECT_EQ(epochs.TakeLate(), 2U);
}

}  // namespace
}  // namespace scanner
