#include "app/console/QuitOnSignal.h"

#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

namespace postern::console {

namespace {

// A signal handler may call next to nothing; write() to a socket is allowed and wakes the event loop.
int ends[2] = {-1, -1};

void onSignal(int)
{
    const char one = 1;
    static_cast<void>(::write(ends[0], &one, sizeof one) == sizeof one);
}

} // namespace

QuitOnSignal::QuitOnSignal(QObject* parent)
    : QObject(parent)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return; // the signals end the program at once, as without us
    m_notifier = std::make_unique<QSocketNotifier>(ends[1], QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] {
        char byte = 0;
        static_cast<void>(::read(ends[1], &byte, sizeof byte) == sizeof byte);
        emit quitRequested();
    });
    struct sigaction action = {};
    action.sa_handler = onSignal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

QuitOnSignal::~QuitOnSignal()
{
    if (!m_notifier)
        return;
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    m_notifier.reset();
    ::close(ends[0]);
    ::close(ends[1]);
}

} // namespace postern::console
