// What a sweep says of one address: the row of the SPEC, before it is text or Parquet.
#ifndef SCANNER_ROW_ROW_H_
#define SCANNER_ROW_ROW_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace scanner {

// Result of the `iprev` method, RFC 8601 section 3. kNone is null in the output: names were found and, as
// asked, not confirmed.
enum class Verdict : uint8_t { kPass, kFail, kTemperror, kPermerror, kNone };
inline constexpr size_t kVerdicts = 5;

enum class Reason : uint8_t {
  kConfirmed,
  kForwardMismatch,
  kForwardMissing,
  kUnusableName,
  kNoPtr,
  kPtrTimeout,
  kPtrServfail,
  kPtrRefused,
  kPtrLame,
  kPtrError,
  kForwardTimeout,
  kForwardServfail,
  kForwardRefused,
  kForwardLame,
  kForwardError,
  kNone,  // Null in the output, with Verdict::kNone.
};
inline constexpr size_t kReasons = 16;

// How a lookup ended. Values below 4096 are kRcodeBase plus the RCODE that the answer bore (RFC 6895 section
// 2.3), so that every RCODE has its status; kNoError means that data was found.
enum class Status : uint16_t {
  kNoError = 0,
  kFormerr = 1,
  kServfail = 2,
  kNxdomain = 3,
  kNotimp = 4,
  kRefused = 5,
  kNodata = 4096,  // NOERROR without data of the type that was asked for.
  kTimeout,
  kUnreachable,
  kLame,
  kTruncated,
  kMalformed,
  kLoop,
};

enum class Evidence : uint8_t { kQuery, kNxdomainCut, kNsec, kAxfr, kWalk };
inline constexpr size_t kEvidences = 5;

// Bit numbers in Row::flags, in the order in which they are written.
enum class Flag : uint8_t {
  kDynamic,
  kForeignName,
  kGeneric,
  kMultipleAddresses,
  kMultipleNames,
  kNamesTruncated,
  kNotHostname,
  kPtrAlias,
  kResolversDisagree,
  kSingleLabel,
  kSpecialUseAddress,
  kTargetAlias,
  kTargetIsApex,
  kTargetIsWww,
  kTcp,
  kWildcard,
};
inline constexpr size_t kFlags = static_cast<size_t>(Flag::kWildcard) + 1;

constexpr uint32_t Bit(Flag flag) { return 1U << static_cast<unsigned>(flag); }

// The words of the SPEC.
std::string_view ToString(Verdict verdict);
std::string_view ToString(Reason reason);
std::string_view ToString(Evidence evidence);
std::string_view ToString(Flag flag);
// A mnemonic of the IANA registry; an RCODE without one is `RCODE` and its number, written into `scratch`.
std::string_view ToString(Status status, std::array<char, 16>& scratch);

// Of a Row: its fixed part. Numbers that may be null hold kNull then.
struct RowHeader {
  static constexpr int32_t kNull = -1;
  static constexpr size_t kMaxNames = 64;  // SPEC section 2: those that are looked up and written.

  uint64_t block = 0;                 // Position of the target's block in the sweep's order.
  int64_t observed_at = 0;            // Microseconds since 1970, UTC.
  uint64_t confirmed = 0;             // Bit i: name i of the row resolves to the address.
  std::array<uint8_t, 16> address{};  // Network order; IPv4 in the first four octets.
  std::array<uint8_t, 16> server{};   // The same, of the server whose answer was used.
  uint32_t flags = 0;
  uint32_t forward_addresses = 0;  // How many.
  int32_t ptr_ttl = kNull;         // Seconds, 0 to 2^31-1 (RFC 2181 section 8).
  int32_t forward_ttl = kNull;
  int32_t attempts = 0;
  int32_t rtt_us = kNull;
  int32_t ede = kNull;
  Status ptr_status = Status::kTimeout;
  Status forward_status = Status::kTimeout;
  uint16_t names = 0;  // How many, at most kMaxNames.
  Verdict verdict = Verdict::kTemperror;
  Reason reason = Reason::kPtrTimeout;
  Evidence evidence = Evidence::kQuery;
  uint8_t offset = 0;          // Of the address in its block.
  uint8_t address_octets = 4;  // 4 or 16; also of forward addresses.
  uint8_t server_octets = 0;   // 0: no answer was used.
  bool has_forward_status = false;
  bool has_alias_target = false;
  bool has_zone = false;
  int8_t authoritative = kNull;  // 0, 1 or kNull.
  int8_t authenticated = kNull;
};

}  // namespace scanner

#endif  // SCANNER_ROW_ROW_H_
