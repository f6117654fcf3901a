// An opened RunspacePool on a FakeWire, and the server's side of it, for tests of pools and pipelines.
#pragma once

#include <memory>

#include "services/psrp/RunspacePool.h"
#include "services/wsman/Client.h"
#include "tests/support/FakeWire.h"
#include "tests/support/RunTask.h"
#include "tests/support/Soap.h"

namespace postern::test {

class PoolFixture
{
public:
    explicit PoolFixture(std::function<QUuid()> newId = {})
    {
        wsman::Endpoint endpoint;
        endpoint.url = QUrl(QStringLiteral("https://ex1.contoso.lab/PowerShell/"));
        endpoint.signIn = wsman::SignIn::Basic;
        endpoint.user = QStringLiteral("admin");
        auto network = std::make_unique<FakeWire>();
        wire = network.get();
        psrp::RunspacePoolOptions options;
        if (newId)
            options.newId = std::move(newId);
        pool = std::make_unique<psrp::RunspacePool>(
            std::make_unique<wsman::Client>(std::move(endpoint), std::move(network)), std::move(options));
        side.poolId = pool->id();
    }

    // Plays the handshake. False: it went otherwise.
    bool open()
    {
        auto opened = runTask(pool->open({}));
        if (!wire->take("Create"))
            return false;
        wire->answer(Soap::created(wire->current(), shellId));
        if (!wire->take("Receive"))
            return false;
        wire->answer(Soap::received(wire->current(), {side.capability(), side.privateData()}));
        if (!wire->take("Receive"))
            return false;
        wire->answer(Soap::received(wire->current(), {side.poolState(2)}));
        auto* result = opened.wait();
        return result && *result;
    }

    // Answers the signals that are under way, then Delete. False: something else was sent, or close() did not
    // end. `signalled` gets the codes.
    bool close(QByteArrayList* signalled = nullptr)
    {
        auto closed = runTask(pool->close());
        for (;;) {
            const bool next = QTest::qWaitFor([&] { return closed.done() || wire->waiting() > 0; }, 15'000);
            if (!next)
                return false;
            if (closed.done())
                return wire->isQuiet();
            if (wire->take("Signal", 0)) {
                if (signalled)
                    signalled->append(wire->current().signalCode);
                wire->answer(Soap::done(wire->current()));
            } else if (wire->take("Delete", 0)) {
                deleted = true;
                wire->answer(Soap::done(wire->current()));
            } else {
                return false;
            }
        }
    }

    FakeWire* wire = nullptr;
    std::unique_ptr<psrp::RunspacePool> pool;
    PsrpSide side;
    QByteArray shellId = "76056A84-51DC-4F24-9262-CA2A55464B2B";
    bool deleted = false;
};

inline constexpr char kStop[] = "powershell/signal/ctrl_c";
inline constexpr char kTerminate[]
    = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/terminate";

} // namespace postern::test
