// Records as octets, to be kept and read back by the same version: in a journal, and in runs that are sorted.
//
// The key (an octet 4 or 6, then the address, 4 or 16 octets in network order), a bit for each column (32
// bits, little-endian) that is not null or, of a list, not empty, and then the values of those in order. A
// number is a zigzag varint, a text its length as a varint and its octets, a list its items as a varint and
// the texts.
#ifndef SCANNER_SINK_RECORD_BYTES_H_
#define SCANNER_SINK_RECORD_BYTES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "scanner/sink/record.h"

namespace scanner {

void AppendRecordBytes(const Record& record, std::vector<uint8_t>& out);

// Reads the record that `bytes` begins with, and takes its octets off. False, and neither means anything
// then, when that is no whole record as AppendRecordBytes writes it. Text of `record` lies in `bytes`; what
// it says is not checked.
bool ReadRecordBytes(std::span<const uint8_t>& bytes, Record& record);

}  // namespace scanner

#endif  // SCANNER_SINK_RECORD_BYTES_H_
