#include "netio/route.h"

#include <gtest/gtest.h>

namespace netio {
namespace {

TEST(HasRoute, TellsWhereTheKernelWouldSend) {
  struct Case {
    const char* to;
    bool reached;
  };
  const Case cases[] = {
      {"127.0.0.1", true},
      {"127.255.255.254:1", true},
      {"255.255.255.255", false},  // Nobody broadcasts unasked.
      {"fe80::1", false},          // Link-local without its link.
  };
  for (const Case& c : cases) EXPECT_EQ(HasRoute(ParseEndpoint(c.to, 53).value()), c.reached) << c.to;
}

}  // namespace
}  // namespace netio
