#include "app/composition/StopSignals.h"

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace postern::composition {

namespace {

// A signal handler may only do async-signal-safe things: it writes one byte, the event loop does the rest.
int signalPipe[2] = {-1, -1};

extern "C" void onSignal(int)
{
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(signalPipe[1], &byte, 1);
}

void install(int number, void (*handler)(int))
{
    struct sigaction action = {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(number, &action, nullptr);
}

} // namespace

StopSignals::StopSignals()
{
    if (::pipe2(signalPipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return; // without the pipe the signals keep their default: the process ends
    m_notifier = std::make_unique<QSocketNotifier>(signalPipe[0], QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] {
        char byte = 0;
        while (::read(signalPipe[0], &byte, 1) == 1) { }
        m_stop.request_stop();
        emit stopRequested();
    });
    install(SIGINT, onSignal);
    install(SIGTERM, onSignal);
}

StopSignals::~StopSignals()
{
    install(SIGINT, SIG_DFL);
    install(SIGTERM, SIG_DFL);
    ::close(signalPipe[0]);
    ::close(signalPipe[1]);
}

} // namespace postern::composition
