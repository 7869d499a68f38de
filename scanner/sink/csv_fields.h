// The fields of one line of CSV (RFC 4180). A field of results holds no line end, so that a line is a record.
#ifndef SCANNER_SINK_CSV_FIELDS_H_
#define SCANNER_SINK_CSV_FIELDS_H_

#include <string>
#include <string_view>
#include <vector>

namespace scanner {

class CsvFields {
 public:
  // Null, or what is wrong. `line` is without its end, and stays as long as the fields are used.
  const char* Split(std::string_view line);

  const std::vector<std::string_view>& fields() const { return fields_; }

 private:
  // Takes the field that begins with a quote off `rest`; false when it does not end.
  bool TakeQuoted(std::string_view& rest);

  std::vector<std::string_view> fields_;
  std::string unquoted_;  // Large enough for the line, so that it does not move.
};

}  // namespace scanner

#endif  // SCANNER_SINK_CSV_FIELDS_H_
