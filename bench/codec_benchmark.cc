// What one query and one response cost the codec.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "codec/dns/answer.h"
#include "codec/dns/message.h"
#include "codec/dns/name.h"
#include "codec/dns/query.h"
#include "codec/dns/reverse_name.h"

namespace codec::dns {
namespace {

// Addresses with octets of one, two and three digits in an order that a branch predictor cannot learn.
std::vector<std::array<uint8_t, 4>> MakeAddresses() {
  std::vector<std::array<uint8_t, 4>> addresses(4096);
  uint32_t state = 1;
  for (std::array<uint8_t, 4>& address : addresses) {
    state = state * 1664525 + 1013904223;
    std::memcpy(address.data(), &state, address.size());
  }
  return addresses;
}

void BM_WriteReverseName4(benchmark::State& state) {
  const std::vector<std::array<uint8_t, 4>> addresses = MakeAddresses();
  std::array<uint8_t, kMaxReverseNameOctets> name;
  size_t i = 0;
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(WriteReverseName(addresses[i++ % addresses.size()], name));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_WriteReverseName4);

void BM_WriteReverseName6(benchmark::State& state) {
  std::array<uint8_t, 16> address{0x20, 0x01, 0x0d, 0xb8};
  std::array<uint8_t, kMaxReverseNameOctets> name;
  for ([[maybe_unused]] auto _ : state) {
    ++address[15];
    benchmark::DoNotOptimize(WriteReverseName(address, name));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_WriteReverseName6);

// Address to whole query, with EDNS.
void BM_EncodeQuery4(benchmark::State& state) {
  const std::vector<std::array<uint8_t, 4>> addresses = MakeAddresses();
  const QueryTemplate query({});
  std::array<uint8_t, QueryTemplate::kMaxOctets> out;
  uint16_t id = 0;
  for ([[maybe_unused]] auto _ : state) {
    std::array<uint8_t, kMaxReverseNameOctets> name;
    const size_t length = WriteReverseName(addresses[id % addresses.size()], name);
    benchmark::DoNotOptimize(query.Write(out, id, std::span(name).first(length), Type::kPtr));
    benchmark::ClobberMemory();
    ++id;
  }
}
BENCHMARK(BM_EncodeQuery4);

void BM_WriteQuery4WithCookie(benchmark::State& state) {
  const QueryTemplate query({.client_cookie = ClientCookie{1, 2, 3, 4, 5, 6, 7, 8}});
  std::array<uint8_t, kMaxReverseNameOctets> name;
  const size_t length = WriteReverseName(std::array<uint8_t, 4>{198, 18, 7, 200}, name);
  std::array<uint8_t, QueryTemplate::kMaxOctets> out;
  uint16_t id = 0;
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(query.Write(out, id++, std::span(name).first(length), Type::kPtr));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_WriteQuery4WithCookie);

void BM_RandomizeCase(benchmark::State& state) {
  std::array<uint8_t, kMaxReverseNameOctets> name;
  const size_t length = WriteReverseName(std::array<uint8_t, 4>{198, 18, 7, 200}, name);
  uint64_t bits = 0x9E3779B97F4A7C15;
  for ([[maybe_unused]] auto _ : state) {
    RandomizeCase(std::span(name).first(length), bits++);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_RandomizeCase);

void Append(std::vector<uint8_t>& out, std::string_view octets) {
  out.insert(out.end(), octets.begin(), octets.end());
}

// A response with one PTR, its owner compressed, and OPT: what most addresses with a name get.
struct PtrResponse {
  std::array<uint8_t, kMaxReverseNameOctets> name;
  size_t name_length;
  std::vector<uint8_t> bytes;

  PtrResponse() : name_length(WriteReverseName(std::array<uint8_t, 4>{198, 18, 7, 200}, name)) {
    using std::string_view_literals::operator""sv;
    Append(bytes, "\x12\x34\x84\0\0\1\0\1\0\0\0\1"sv);
    bytes.insert(bytes.end(), name.begin(), name.begin() + static_cast<ptrdiff_t>(name_length));
    Append(bytes, "\0\x0c\0\1"sv);
    Append(bytes, "\xc0\x0c\0\x0c\0\1\0\0\x0e\x10\0\x1b"sv);
    Append(bytes, "\x08host-200\4pool\7example\3net\0"sv);
    Append(bytes, "\0\0\x29\x04\xd0\0\0\0\0\0\0"sv);
  }
  NameView question() const { return std::span(name).first(name_length); }
};

void BM_Parse(benchmark::State& state) {
  const PtrResponse response;
  Message message;
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(Message::Parse(response.bytes, message));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_Parse);

void BM_ParseInterpret(benchmark::State& state) {
  const PtrResponse response;
  Message message;
  Answer answer;
  for ([[maybe_unused]] auto _ : state) {
    if (Message::Parse(response.bytes, message) != ParseError::kNone) state.SkipWithError("parse");
    Interpret(message, response.question(), Type::kPtr, answer);
    if (answer.kind != AnswerKind::kData) state.SkipWithError("interpret");
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_ParseInterpret);

// Everything from datagram to the text of the name in its row.
void BM_ParseInterpretPresent(benchmark::State& state) {
  const PtrResponse response;
  Message message;
  Answer answer;
  std::array<char, kMaxPresentationLength> text;
  for ([[maybe_unused]] auto _ : state) {
    if (Message::Parse(response.bytes, message) != ParseError::kNone) state.SkipWithError("parse");
    if (!message.QuestionIs(response.question(), Type::kPtr)) state.SkipWithError("question");
    Interpret(message, response.question(), Type::kPtr, answer);
    DataCursor data(message, answer, Type::kPtr);
    Record record;
    while (data.Next(record)) {
      Name target;
      if (message.ReadTarget(record, target) != ParseError::kNone) state.SkipWithError("target");
      LowerCase(target);
      benchmark::DoNotOptimize(Present(target.view(), text));
    }
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_ParseInterpretPresent);

}  // namespace
}  // namespace codec::dns

BENCHMARK_MAIN();
