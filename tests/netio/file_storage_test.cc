#include "netio/file_storage.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace netio {
namespace {

std::span<const uint8_t> Bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string ReadAll(const StorageFile& file) {
  std::string text(file.Size().value(), '\0');
  EXPECT_EQ(file.ReadAt(0, {reinterpret_cast<uint8_t*>(text.data()), text.size()}).value(), text.size());
  return text;
}

// What `act` returns in a process of its own, whose limits and user it may change.
std::string InChild(const std::function<std::string()>& act) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const std::string said = act();
    _exit(write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string said;
  char buffer[512];
  for (ssize_t got = read(ends[0], buffer, sizeof(buffer)); got > 0;
       got = read(ends[0], buffer, sizeof(buffer))) {
    said.append(buffer, static_cast<size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  return said;
}

class FileStorageTest : public testing::Test {
 protected:
  FileStorageTest() {
    std::string path = testing::TempDir() + "/storage.XXXXXX";
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    directory_ = path;
    storage_ = FileStorage::OpenDirectory(directory_).value();
  }
  ~FileStorageTest() override {
    chmod(directory_.c_str(), 0700);
    std::filesystem::remove_all(directory_);
  }

  std::string directory_;
  std::unique_ptr<FileStorage> storage_;
};

TEST_F(FileStorageTest, AppendsReadsAndTruncates) {
  const auto file = storage_->Create("a").value();
  ASSERT_TRUE(file->Append(Bytes("hello ")).ok());
  ASSERT_TRUE(file->Append({}).ok());
  ASSERT_TRUE(file->Append(Bytes("world")).ok());
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(ReadAll(*file), "hello world");
  ASSERT_TRUE(file->Truncate(5).ok());
  ASSERT_TRUE(file->Append(Bytes("!")).ok());
  EXPECT_EQ(ReadAll(*file), "hello!");
  uint8_t tail[10];
  EXPECT_EQ(file->ReadAt(4, tail).value(), 2U);
  EXPECT_EQ(file->ReadAt(6, tail).value(), 0U);
}

TEST_F(FileStorageTest, OpenAppendsToTheEnd) {
  ASSERT_TRUE(storage_->Create("a").value()->Append(Bytes("one")).ok());
  const auto file = storage_->Open("a").value();
  ASSERT_TRUE(file->Append(Bytes(" two")).ok());
  EXPECT_EQ(ReadAll(*file), "one two");
}

TEST_F(FileStorageTest, CreateNeverTakesWhatIsThere) {
  ASSERT_TRUE(storage_->Create("a").ok());
  const absl::Status status = storage_->Create("a").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(status.message(), directory_ + "/a: File exists");
  ASSERT_EQ(symlink("nowhere", (directory_ + "/link").c_str()), 0);
  EXPECT_EQ(storage_->Create("link").status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(storage_->Exists("link").value());
}

TEST_F(FileStorageTest, RenameReplacesAndRemoveRemoves) {
  ASSERT_TRUE(storage_->Create("new").value()->Append(Bytes("new")).ok());
  ASSERT_TRUE(storage_->Create("old").value()->Append(Bytes("old")).ok());
  ASSERT_TRUE(storage_->Rename("new", "old").ok());
  ASSERT_TRUE(storage_->SyncDirectory().ok());
  EXPECT_FALSE(storage_->Exists("new").value());
  EXPECT_EQ(ReadAll(*storage_->Open("old").value()), "new");
  ASSERT_TRUE(storage_->Remove("old").ok());
  EXPECT_FALSE(storage_->Exists("old").value());
}

TEST_F(FileStorageTest, OneAtATimeLocksAFile) {
  ASSERT_TRUE(storage_->Create("a").ok());
  ASSERT_TRUE(storage_->Create("b").ok());
  ASSERT_TRUE(storage_->Lock("a").ok());
  const std::unique_ptr<FileStorage> other = FileStorage::OpenDirectory(directory_).value();
  const absl::Status refused = other->Lock("a");
  EXPECT_TRUE(absl::IsUnavailable(refused)) << refused;
  EXPECT_EQ(refused.message(), directory_ + "/a is in use by another process; wait for its end");
  EXPECT_TRUE(other->Lock("b").ok());
  storage_.reset();
  EXPECT_TRUE(other->Lock("a").ok());
  EXPECT_TRUE(absl::IsNotFound(other->Lock("c")));
}

TEST_F(FileStorageTest, WhatIsNotThereIsNotFoundByItsName) {
  const std::string expected = directory_ + "/a: No such file or directory";
  for (const absl::Status& status :
       {storage_->Open("a").status(), storage_->Remove("a"), storage_->Rename("b", "a")}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
    EXPECT_EQ(status.message(), expected);
  }
  EXPECT_EQ(FileStorage::OpenDirectory(directory_ + "/b").status().message(),
            directory_ + "/b: No such file or directory");
}

TEST_F(FileStorageTest, ADirectoryThatMovedIsStillTheSame) {
  const std::string moved = directory_ + ".moved";
  ASSERT_EQ(rename(directory_.c_str(), moved.c_str()), 0);
  EXPECT_TRUE(storage_->Create("a").ok());
  EXPECT_TRUE(std::filesystem::exists(moved + "/a"));
  ASSERT_EQ(rename(moved.c_str(), directory_.c_str()), 0);
}

TEST_F(FileStorageTest, AReadOnlyDirectoryIsNamed) {
  ASSERT_EQ(chmod(directory_.c_str(), 0555), 0);
  const std::string said = InChild([&]() -> std::string {
    constexpr uid_t kNobody = 65534;
    if (geteuid() == 0 && setuid(kNobody) != 0) return "setuid failed";
    return std::string(storage_->Create("sweep.csv.partial").status().message());
  });
  EXPECT_EQ(said, directory_ + "/sweep.csv.partial: Permission denied");
}

TEST_F(FileStorageTest, AFileSizeLimitIsNamedAndWhatFittedIsThere) {
  constexpr rlim_t kLimit = 1000;
  const std::string said = InChild([&]() -> std::string {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = kLimit, .rlim_max = kLimit};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return "setrlimit failed";
    const auto file = storage_->Create("sweep.csv.partial");
    const std::vector<uint8_t> exactly(kLimit, 'x');
    if (!file.value()->Append(exactly).ok()) return "the limit itself was refused";
    return std::string(file.value()->Append(Bytes("y")).message());
  });
  EXPECT_EQ(said, directory_ + "/sweep.csv.partial: File too large");
  EXPECT_EQ(ReadAll(*storage_->Open("sweep.csv.partial").value()), std::string(kLimit, 'x'));
}

TEST(OpenDescriptor, AFullDiskIsNamed) {
  const int fd = open("/dev/full", O_WRONLY);
  ASSERT_GE(fd, 0);
  const auto file = OpenDescriptor(fd, "sweep.csv.partial").value();
  close(fd);
  const absl::Status status = file->Append(Bytes("x"));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(), "sweep.csv.partial: No space left on device");
}

TEST(OpenDescriptor, APipeTakesEverythingAlsoWhenItDoesNotBlock) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_NONBLOCK), 0);
  const auto file = OpenDescriptor(ends[1], "standard output").value();
  close(ends[1]);
  constexpr size_t kBytes = 1 << 20;  // More than a pipe holds.
  size_t got = 0;
  std::thread reader([&] {
    char buffer[4096];
    while (got < kBytes) {
      const ssize_t count = read(ends[0], buffer, sizeof(buffer));
      if (count > 0) got += static_cast<size_t>(count);
    }
  });
  EXPECT_TRUE(file->Append(std::vector<uint8_t>(kBytes, 'x')).ok());
  EXPECT_TRUE(file->Sync().ok());  // There is nothing to sync.
  reader.join();
  close(ends[0]);
  EXPECT_EQ(got, kBytes);
}

TEST(OpenDescriptor, AReaderThatLeftIsNamed) {
  const std::string said = InChild([]() -> std::string {
    std::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    if (pipe(ends) != 0) return "pipe failed";
    const auto file = OpenDescriptor(ends[1], "standard output").value();
    close(ends[0]);
    return std::string(file->Append(Bytes("x")).message());
  });
  EXPECT_EQ(said, "standard output: Broken pipe");
}

TEST_F(FileStorageTest, AnUnnamedFileIsReadWrittenAndNowhereToBeSeen) {
  const auto file = CreateUnnamedFile(directory_).value();
  const auto other = CreateUnnamedFile(directory_).value();
  ASSERT_TRUE(file->Append(Bytes("abcdef")).ok());
  EXPECT_EQ(ReadAll(*file), "abcdef");
  ASSERT_TRUE(file->Truncate(3).ok());
  ASSERT_TRUE(file->Append(Bytes("x")).ok());
  EXPECT_EQ(ReadAll(*file), "abcx");
  EXPECT_EQ(other->Size().value(), 0U);
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST_F(FileStorageTest, WhereNoUnnamedFileCanBeIsSaid) {
  EXPECT_EQ(CreateUnnamedFile(directory_ + "/none").status().message(),
            "temporary file in " + directory_ + "/none: No such file or directory");
  ASSERT_TRUE(storage_->Create("regular").ok());
  EXPECT_EQ(CreateUnnamedFile(directory_ + "/regular").status().message(),
            "temporary file in " + directory_ + "/regular: Not a directory");
  const std::string said = InChild([this]() -> std::string {
    if (chdir(directory_.c_str()) != 0) return "chdir failed";
    const auto file = CreateUnnamedFile("");
    return file.ok() && (*file)->Append(Bytes("x")).ok() ? "ok" : std::string(file.status().message());
  });
  EXPECT_EQ(said, "ok");
}

TEST_F(FileStorageTest, SpecialFilesAreThoseThatAreNotRegular) {
  EXPECT_EQ(OpenSpecialFile(directory_ + "/none").value(), nullptr);
  ASSERT_TRUE(storage_->Create("regular").ok());
  EXPECT_EQ(OpenSpecialFile(directory_ + "/regular").value(), nullptr);
  const auto null = OpenSpecialFile("/dev/null").value();
  ASSERT_NE(null, nullptr);
  EXPECT_TRUE(null->Append(Bytes("x")).ok());
  EXPECT_TRUE(null->Sync().ok());
  EXPECT_EQ(OpenSpecialFile(directory_).status().message(), directory_ + ": Is a directory");
  ASSERT_EQ(mkfifo((directory_ + "/fifo").c_str(), 0600), 0);
  const int reader = open((directory_ + "/fifo").c_str(), O_RDONLY | O_NONBLOCK);
  const auto fifo = OpenSpecialFile(directory_ + "/fifo").value();
  ASSERT_NE(fifo, nullptr);
  EXPECT_TRUE(fifo->Append(Bytes("x")).ok());
  char byte = 0;
  EXPECT_EQ(read(reader, &byte, 1), 1);
  close(reader);
}

}  // namespace
}  // namespace netio
