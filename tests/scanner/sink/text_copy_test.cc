#include "scanner/sink/text_copy.h"

#include <string>

#include "gtest/gtest.h"

namespace scanner {
namespace {

TEST(CopyText, CopiesEveryLengthAndNothingBehindIt) {
  std::string letters;
  for (int i = 0; i < 80; ++i) letters.push_back(static_cast<char>('0' + i));
  for (size_t length = 0; length <= letters.size(); ++length) {
    // Of its own, so that a sanitizer sees what is read behind it.
    const std::string text = letters.substr(0, length);
    std::string out(length + 40, '#');
    EXPECT_EQ(CopyText(text, out.data()), out.data() + length);
    EXPECT_EQ(out, text + std::string(40, '#'));
  }
}

}  // namespace
}  // namespace scanner
