#include "scanner/sink/csv_fields.h"

#include <cstddef>

namespace scanner {

const char* CsvFields::Split(std::string_view line) {
  fields_.clear();
  unquoted_.clear();
  const bool quotes = line.find('"') != std::string_view::npos;
  if (quotes) unquoted_.reserve(line.size());
  std::string_view rest = line;
  for (bool more = true; more;) {
    if (rest.starts_with('"')) {
      if (!TakeQuoted(rest)) return "a quote that does not end on its line";
    } else {
      fields_.push_back(rest.substr(0, rest.find(',')));
      rest.remove_prefix(fields_.back().size());
      if (quotes && fields_.back().find('"') != std::string_view::npos) {
        return "a quote within a field that does not begin with one";
      }
    }
    more = rest.starts_with(',');
    if (!more && !rest.empty()) return "text behind the quote that ends a field";
    if (more) rest.remove_prefix(1);
  }
  return nullptr;
}

bool CsvFields::TakeQuoted(std::string_view& rest) {
  const size_t begin = unquoted_.size();
  for (rest.remove_prefix(1);;) {
    const size_t quote = rest.find('"');
    if (quote == std::string_view::npos) return false;
    unquoted_.append(rest.substr(0, quote));
    rest.remove_prefix(quote + 1);
    if (!rest.starts_with('"')) break;
    unquoted_.push_back('"');
    rest.remove_prefix(1);
  }
  fields_.push_back(std::string_view(unquoted_).substr(begin));
  return true;
}

}  // namespace scanner
