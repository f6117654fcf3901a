// Linked into every fuzzer: ASan's quarantine of freed memory would by itself pass the fuzzers' memory limit
// (256 MB).
extern "C" const char* __asan_default_options();

extern "C" const char* __asan_default_options()
{
    return "quarantine_size_mb=16:malloc_context_size=8:detect_leaks=1";
}
