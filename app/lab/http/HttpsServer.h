// The TLS listener: cpp-httplib behind one function, so that nothing else knows the library. Threads come as
// connections come (long polls hold theirs); stop() ends all. start and stop from one thread; the handler is
// called from many.
#pragma once

#include <memory>
#include <string>

#include "app/lab/http/Certificates.h"
#include "app/lab/http/Request.h"

namespace postern::lab {

struct HttpsOptions
{
    std::string host = "127.0.0.1";
    int port = 0; // 0: any free one
    int maximumThreads = 384;
};

class HttpsServer
{
public:
    HttpsServer();
    ~HttpsServer();
    HttpsServer(const HttpsServer&) = delete;
    HttpsServer& operator=(const HttpsServer&) = delete;

    [[nodiscard]] Expected<int> start(
        const HttpsOptions& options, const Identity& identity, WebHandler handler);
    void stop();

private:
    struct Impl; // hides <httplib.h>: one translation unit compiles it
    std::unique_ptr<Impl> m_impl;
};

} // namespace postern::lab
