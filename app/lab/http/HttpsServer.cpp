#include "app/lab/http/HttpsServer.h"

#define CPPHTTPLIB_OPENSSL_SUPPORT
#include <httplib.h>

#include <QString>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <sys/socket.h>
#include <thread>

#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

// A thread for every connection that is open, made when needed: connections idle in keep-alive hold theirs.
class GrowingPool : public httplib::TaskQueue
{
public:
    explicit GrowingPool(size_t maximum)
        : m_maximum(maximum)
    {
    }
    void enqueue(std::function<void()> task) override
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_tasks.push_back(std::move(task));
            if (m_idle < m_tasks.size() && m_threads.size() < m_maximum)
                m_threads.emplace_back([this] { work(); });
        }
        m_changed.notify_one();
    }
    void shutdown() override
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_ending = true;
        }
        m_changed.notify_all();
        for (std::thread& thread : m_threads)
            thread.join();
    }

private:
    void work()
    {
        std::unique_lock lock(m_mutex);
        while (true) {
            ++m_idle;
            m_changed.wait(lock, [this] { return m_ending || !m_tasks.empty(); });
            --m_idle;
            if (m_tasks.empty())
                return;
            const std::function<void()> task = std::move(m_tasks.front());
            m_tasks.pop_front();
            lock.unlock();
            task();
            lock.lock();
        }
    }
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::function<void()>> m_tasks;
    std::vector<std::thread> m_threads;
    size_t m_idle = 0, m_maximum;
    bool m_ending = false;
};

// The open sockets, so that stop() can end connections that are idle in keep-alive.
class OpenSockets
{
public:
    void add(int socket)
    {
        const std::scoped_lock lock(m_mutex);
        m_sockets.insert(socket);
    }
    void remove(int socket)
    {
        const std::scoped_lock lock(m_mutex);
        m_sockets.erase(socket);
    }
    void shutdownAll()
    {
        const std::scoped_lock lock(m_mutex);
        for (const int socket : m_sockets)
            ::shutdown(socket, SHUT_RDWR);
    }

private:
    std::mutex m_mutex;
    std::set<int> m_sockets;
};

// Hangs on the SSL object: whoever gets the same port later never inherits the authentication.
struct Connection
{
    Connection(OpenSockets* openSockets, int descriptor)
        : sockets(openSockets)
        , socket(descriptor)
    {
        sockets->add(socket);
    }
    ~Connection() { sockets->remove(socket); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ConnectionState state;
    OpenSockets* sockets;
    int socket;
};

void freeConnection(void*, void* connection, CRYPTO_EX_DATA*, int, long, void*)
{
    delete static_cast<Connection*>(connection);
}

int connectionIndex()
{
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, freeConnection);
    return index;
}

void onHandshake(const SSL* constSsl, int where, int)
{
    SSL* ssl = const_cast<SSL*>(constSsl); // OpenSSL hands out const, its ex_data wants not
    if ((where & SSL_CB_HANDSHAKE_DONE) == 0 || SSL_get_ex_data(ssl, connectionIndex()))
        return;
    auto* sockets = static_cast<OpenSockets*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    SSL_set_ex_data(ssl, connectionIndex(), new Connection(sockets, SSL_get_fd(ssl)));
}

ConnectionState* connectionOf(const SSL* ssl)
{
    return &static_cast<Connection*>(SSL_get_ex_data(ssl, connectionIndex()))->state;
}

void cut(const httplib::Request& request)
{
    const int socket = SSL_get_fd(request.ssl);
    ::shutdown(socket, SHUT_RDWR);
}

WebRequest requestOf(const httplib::Request& from)
{
    WebRequest to;
    to.method = from.method;
    const auto mark = from.target.find('?');
    to.path = from.path;
    to.query = mark == std::string::npos ? std::string{} : from.target.substr(mark + 1);
    to.body = from.body;
    to.remoteAddress = from.remote_addr;
    for (const auto& [name, value] : from.headers)
        to.headers.emplace(asciiLower(name), value);
    to.connection = connectionOf(from.ssl);
    return to;
}

void respond(const httplib::Request& from, httplib::Response& to, WebAnswer answer)
{
    if (answer.delayMs > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(answer.delayMs));
    if (answer.cut)
        return cut(from);
    to.status = answer.status;
    for (const auto& [name, value] : answer.headers)
        to.headers.emplace(name, value);
    if (answer.truncateTo > 0 && answer.truncateTo < answer.body.size()) {
        to.set_content_provider(answer.body.size(), answer.contentType,
            [body = answer.body, limit = answer.truncateTo](size_t at, size_t, httplib::DataSink& sink) {
                return at < limit && sink.write(body.data() + at, limit - at);
            });
        return;
    }
    to.body = std::move(answer.body);
    to.headers.emplace("Content-Type", answer.contentType);
}

void adjust(httplib::SSLServer& server, size_t threads)
{
    server.set_tcp_nodelay(true);
    server.set_keep_alive_max_count(1000000);
    server.set_keep_alive_timeout(90);
    server.set_read_timeout(30);
    server.set_write_timeout(60);
    server.set_payload_max_length(16 * 1024 * 1024);
    server.new_task_queue = [threads] { return new GrowingPool(threads); };
}

} // namespace

struct HttpsServer::Impl
{
    std::unique_ptr<httplib::SSLServer> server;
    std::thread thread;
    int socket = -1;
    OpenSockets sockets;
};

HttpsServer::HttpsServer()
    : m_impl(std::make_unique<Impl>())
{
}

HttpsServer::~HttpsServer()
{
    stop();
}

Expected<int> HttpsServer::start(const HttpsOptions& options, const Identity& identity, WebHandler handler)
{
    const auto setup = [&identity, this](SSL_CTX& context) {
        SSL_CTX_set_app_data(&context, &m_impl->sockets);
        SSL_CTX_set_info_callback(&context, onHandshake);
        SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION);
        SSL_CTX_set_options(&context, SSL_OP_NO_COMPRESSION);
        bool ok = SSL_CTX_use_certificate(&context, identity.certificate.get()) == 1
            && SSL_CTX_use_PrivateKey(&context, identity.key.get()) == 1;
        for (X509* link : identity.chain)
            ok = ok && SSL_CTX_add1_chain_cert(&context, link) == 1;
        return ok;
    };
    m_impl->server = std::make_unique<httplib::SSLServer>(setup);
    httplib::SSLServer& server = *m_impl->server;
    if (!server.is_valid())
        return fail(ErrorCode::TlsFailed, u"OpenSSL did not take the lab's certificate"_s);
    adjust(server, size_t(options.maximumThreads));
    server.set_socket_options([this](socket_t socket) {
        const int yes = 1;
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        m_impl->socket = socket;
    });
    const auto serve = [handler = std::move(handler)](const httplib::Request& from, httplib::Response& to) {
        WebRequest request = requestOf(from);
        respond(from, to, handler(request));
    };
    server.Get(".*", serve).Post(".*", serve).Delete(".*", serve).Options(".*", serve);
    server.Patch(".*", serve).Put(".*", serve);
    const int port = options.port == 0                    ? server.bind_to_any_port(options.host)
        : server.bind_to_port(options.host, options.port) ? options.port
                                                          : -1;
    if (port <= 0)
        return fail(ErrorCode::InvalidAddress,
            u"cannot listen on %1 port %2"_s.arg(QString::fromStdString(options.host)).arg(options.port));
    ::listen(m_impl->socket, 512); // the library's backlog of 5 drops bursts of connections
    m_impl->thread = std::thread([this] { m_impl->server->listen_after_bind(); });
    while (!server.is_running())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return port;
}

void HttpsServer::stop()
{
    if (m_impl->server)
        m_impl->server->stop();
    m_impl->sockets.shutdownAll();
    if (m_impl->thread.joinable())
        m_impl->thread.join();
    m_impl->server.reset();
}

} // namespace postern::lab
