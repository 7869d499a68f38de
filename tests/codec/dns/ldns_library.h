// ldns, without its macros for the words of the language.
#ifndef TESTS_CODEC_DNS_LDNS_LIBRARY_H_
#define TESTS_CODEC_DNS_LDNS_LIBRARY_H_

#include <ldns/ldns.h>

#undef bool
#undef true
#undef false

#endif  // TESTS_CODEC_DNS_LDNS_LIBRARY_H_
