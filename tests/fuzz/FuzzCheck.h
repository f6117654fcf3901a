// A claim that a fuzzer checks: stops with the claim's text when it does not hold.
#pragma once

#include <cstdio>
#include <cstdlib>

#define FUZZ_CHECK(claim)                                                                                    \
    do {                                                                                                     \
        if (!(claim)) {                                                                                      \
            std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #claim);                  \
            std::abort();                                                                                    \
        }                                                                                                    \
    } while (false)
