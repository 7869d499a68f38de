#include "codec/parquet/column_buffer.h"

namespace codec::parquet {

void ColumnBuffer::Clear() {
  nulls_ = 0;
  numbers_.clear();
  present_.clear();
  texts_.clear();
  ends_.clear();
  octets_.Clear();
  dictionary_.Clear();
}

}  // namespace codec::parquet
