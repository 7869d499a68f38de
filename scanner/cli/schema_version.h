// The version of the columns and of the metadata, SPEC section 2.
#ifndef SCANNER_CLI_SCHEMA_VERSION_H_
#define SCANNER_CLI_SCHEMA_VERSION_H_

namespace scanner {

inline constexpr int kSchemaVersion = 1;

}  // namespace scanner

#endif  // SCANNER_CLI_SCHEMA_VERSION_H_
