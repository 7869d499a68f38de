// Runs the fuzz target without a fuzzer: `fuzz_replay CORPUS MUTATIONS` runs every file of the
// directory, then that many mutations of them, always the same ones.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

using Input = std::vector<uint8_t>;

std::vector<Input> ReadCorpus(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());  // The order of a directory differs between file systems.
  std::vector<Input> corpus;
  for (const std::filesystem::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return corpus;
}

// Overwrites, cuts, or splices in a part of another input.
void Mutate(std::mt19937_64& random, const std::vector<Input>& corpus, Input& input) {
  for (uint64_t left = 1 + random() % 6; left > 0 && !input.empty(); --left) {
    const size_t at = random() % input.size();
    const auto place = input.begin() + static_cast<ptrdiff_t>(at);
    const Input& other = corpus[random() % corpus.size()];
    switch (random() % 6) {
      case 0:
        input.resize(at);
        break;
      case 1:
        input.erase(place,
                    place + static_cast<ptrdiff_t>(std::min<size_t>(1 + random() % 8, input.size() - at)));
        break;
      case 2:
        input.insert(place, other.begin(),
                     other.begin() + static_cast<ptrdiff_t>(random() % (other.size() + 1)));
        break;
      case 3:
        input[at] = static_cast<uint8_t>(0xC0 | random() % 2);
        break;
      default:
        input[at] = static_cast<uint8_t>(random());
    }
  }
}

int Replay(const std::filesystem::path& directory, uint64_t mutations) {
  const std::vector<Input> corpus = ReadCorpus(directory);
  if (corpus.empty()) {
    std::cerr << directory << ": no inputs\n";
    return 1;
  }
  for (const Input& input : corpus) LLVMFuzzerTestOneInput(input.data(), input.size());
  std::mt19937_64 random(1);
  for (uint64_t i = 0; i < mutations; ++i) {
    Input input = corpus[random() % corpus.size()];
    Mutate(random, corpus, input);
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  std::cout << corpus.size() << " inputs and " << mutations << " mutations\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: fuzz_replay CORPUS MUTATIONS\n";
    return 2;
  }
  return Replay(argv[1], std::strtoull(argv[2], nullptr, 10));
}
