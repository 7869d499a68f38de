#include "tools/arpasim/core/truth_csv.h"

#include <algorithm>

namespace arpasim {
namespace {

template <typename List, typename ToString>
std::string Joined(const List& list, ToString to_string) {
  std::string text;
  for (const auto& item : list) {
    if (!text.empty()) text += ' ';
    text += to_string(item);
  }
  return text;
}

template <typename Value>
std::string OrEmpty(const std::optional<Value>& value) {
  return value ? std::to_string(*value) : std::string();
}

std::string AsIs(std::string_view text) { return std::string(text); }

struct Column {
  std::string_view name;
  std::string (*text)(const TruthRow& row);  // Null where time or path decides, or nothing here can.
};

constexpr Column kColumns[] = {
    {"address", [](const TruthRow& row) { return ToText(row.address); }},
    {"verdict", [](const TruthRow& row) { return AsIs(row.verdict); }},
    {"reason", [](const TruthRow& row) { return AsIs(row.reason); }},
    {"names", [](const TruthRow& row) { return Joined(row.names, AsIs); }},
    {"confirmed_names", [](const TruthRow& row) { return Joined(row.confirmed_names, AsIs); }},
    {"forward_addresses", [](const TruthRow& row) { return Joined(row.forward_addresses, ToText); }},
    {"flags", [](const TruthRow& row) { return Joined(row.flags, AsIs); }},
    {"template", nullptr},
    {"registered_domain", nullptr},
    {"ptr_status", [](const TruthRow& row) { return AsIs(row.ptr_status); }},
    {"forward_status", [](const TruthRow& row) { return AsIs(row.forward_status); }},
    {"ptr_ttl", [](const TruthRow& row) { return OrEmpty(row.ptr_ttl); }},
    {"forward_ttl", [](const TruthRow& row) { return OrEmpty(row.forward_ttl); }},
    {"ptr_alias_target", [](const TruthRow& row) { return row.alias_target; }},
    {"zone", [](const TruthRow& row) { return row.zone; }},
    {"server", nullptr},
    {"authoritative",
     [](const TruthRow& row) {
       return row.authoritative ? std::string(*row.authoritative ? "true" : "false") : std::string();
     }},
    // Of every answer that is known: arpasim never sets AD.
    {"authenticated",
     [](const TruthRow& row) { return row.authoritative ? std::string("false") : std::string(); }},
    {"evidence", [](const TruthRow&) { return std::string("query"); }},
    {"attempts", nullptr},
    {"rtt_us", nullptr},
    {"ede", [](const TruthRow& row) { return OrEmpty(row.ede); }},
    {"observed_at", nullptr},
    {"ipv4",
     [](const TruthRow& row) { return row.address.v6 ? std::string() : std::to_string(row.address.low); }},
    {"prefix",
     [](const TruthRow& row) {
       const unsigned length = row.address.v6 ? 64 : 24;
       return ToText(Masked(row.address, length)) + "/" + std::to_string(length);
     }},
    {"asn", nullptr},
    {"announced_prefix", nullptr},
    {"scan_id", nullptr},
};

}  // namespace

Fields AllFields() {
  Fields fields(std::size(kColumns));
  for (size_t i = 0; i < fields.size(); ++i) fields[i] = i;
  return fields;
}

std::optional<Fields> ParseFields(std::string_view text, std::string& unknown) {
  Fields fields;
  for (;;) {
    const size_t comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    const Column* const column = std::find_if(std::begin(kColumns), std::end(kColumns),
                                              [&](const Column& one) { return one.name == name; });
    if (column == std::end(kColumns)) {
      unknown = name;
      return std::nullopt;
    }
    fields.push_back(static_cast<size_t>(column - std::begin(kColumns)));
    if (comma == std::string_view::npos) return fields;
    text.remove_prefix(comma + 1);
  }
}

void AppendHeader(const Fields& fields, std::string& out) {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ',';
    out += kColumns[fields[i]].name;
  }
  out += "\r\n";
}

// No text needs quotes: names are escaped, and nothing else holds a comma, a quote or a line's end.
void AppendRow(const TruthRow& row, const Fields& fields, std::string& out) {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ',';
    const Column& column = kColumns[fields[i]];
    if (column.text != nullptr) out += column.text(row);
  }
  out += "\r\n";
}

}  // namespace arpasim
