// Test steps that change their process for good, in a process of their own.
#ifndef TESTS_NETIO_CHILD_PROCESS_H_
#define TESTS_NETIO_CHILD_PROCESS_H_

#include <functional>
#include <string>

namespace netio {

// Runs `steps` in a child and returns what they found wrong; an empty string when nothing.
std::string InChild(const std::function<std::string()>& steps);

// Gives this process a network of its own, without interfaces but the loopback, and the right to change it.
bool EnterOwnNetwork();

}  // namespace netio

#endif  // TESTS_NETIO_CHILD_PROCESS_H_
