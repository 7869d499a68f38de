// The lowest and the highest value of a page or of a chunk, as statistics have them: bytewise for strings.
// ColumnOrder and Statistics of parquet.thrift.
#ifndef CODEC_PARQUET_VALUE_BOUNDS_H_
#define CODEC_PARQUET_VALUE_BOUNDS_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace codec::parquet {

// What a long string is cut to; nothing of one that is shorter is lost.
inline constexpr size_t kMaxBound = 64;

struct Bound {
  std::string value;
  bool exact = true;  // It is a value that is there, not one beyond all that are.
};

// At most `value`, and not longer than kMaxBound. UTF-8 stays UTF-8.
Bound LowerBound(std::string_view value);
// At least `value`, and not longer than kMaxBound where one can be found; else `value` itself.
Bound UpperBound(std::string_view value);

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_VALUE_BOUNDS_H_
