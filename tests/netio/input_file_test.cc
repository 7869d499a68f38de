#include "netio/input_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace netio {
namespace {

std::string ReadAll(InputFile& file) {
  std::string text;
  std::vector<uint8_t> piece(1000);
  for (;;) {
    const size_t got = file.Read(piece).value();
    if (got == 0) return text;
    text.append(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got));
  }
}

class InputFileTest : public testing::Test {
 protected:
  InputFileTest() {
    std::string path = testing::TempDir() + "/input.XXXXXX";
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    directory_ = path;
    std::ofstream(directory_ + "/a") << "abcdef";
  }
  ~InputFileTest() override { std::filesystem::remove_all(directory_); }

  std::string directory_;
};

TEST_F(InputFileTest, IsReadInOrderAndAtAnyPlace) {
  InputFile file = InputFile::Open(directory_ + "/a").value();
  EXPECT_EQ(file.size(), 6U);
  EXPECT_EQ(file.name(), directory_ + "/a");
  std::vector<uint8_t> two(2);
  EXPECT_EQ(file.ReadAt(3, two).value(), 2U);
  EXPECT_EQ(two, (std::vector<uint8_t>{'d', 'e'}));
  EXPECT_EQ(file.ReadAt(5, two).value(), 1U);
  EXPECT_EQ(file.ReadAt(6, two).value(), 0U);
  EXPECT_EQ(ReadAll(file), "abcdef");
  EXPECT_EQ(file.Read(two).value(), 0U);
}

TEST_F(InputFileTest, WhatCannotBeReadIsNamed) {
  EXPECT_EQ(InputFile::Open(directory_ + "/none").status().message(),
            directory_ + "/none: No such file or directory");
  EXPECT_EQ(InputFile::Open(directory_).status().message(), directory_ + ": Is a directory");
}

TEST_F(InputFileTest, APipeIsWaitedForAlsoWhenItDoesNotBlock) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_NONBLOCK), 0);
  InputFile file = InputFile::FromDescriptor(ends[0], "standard input").value();
  close(ends[0]);
  EXPECT_EQ(file.size(), std::nullopt);
  std::thread writer([&ends] {
    for (int i = 0; i < 3; ++i) {
      usleep(1000);
      EXPECT_EQ(write(ends[1], "xyz", 3), 3);
    }
    close(ends[1]);
  });
  EXPECT_EQ(ReadAll(file), "xyzxyzxyz");
  writer.join();
}

}  // namespace
}  // namespace netio
