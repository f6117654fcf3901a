// One shell on a WS-Management server: Create, Command, Send, Receive, Signal, Delete. Knows no PowerShell:
// payloads are bytes. Several operations may run at once on different commands; at most one Receive a command
// (a.6). Lives on the client's thread; the client outlives it. remove() must have ended before it is
// destroyed, also after errors: an undeleted shell counts against the account until its idle time-out (d.6).
// SessionLost after the server forgot it.
#pragma once

#include <QCoroTask>
#include <stop_token>

#include "services/wsman/Client.h"

namespace postern::wsman {

struct ShellPlan
{
    QByteArray proposedId; // upper-case GUID; old servers ignore it
    QByteArray inputStreams, outputStreams;
    QByteArray creationElement; // vendor XML inside rsp:Shell
    std::vector<Option> options;
};

class Shell
{
public:
    explicit Shell(Client& client);
    ~Shell();
    Shell(const Shell&) = delete;
    Shell& operator=(const Shell&) = delete;

    QCoro::Task<Expected<void>> create(ShellPlan plan, std::stop_token token);
    // The id of the command, which may differ from the proposed one. Never repeated after a transport fault:
    // whether it ran is not known.
    QCoro::Task<Expected<QByteArray>> command(
        QByteArray proposedId, QByteArray arguments, std::stop_token token);
    QCoro::Task<Expected<void>> send(
        QByteArray commandId, QByteArray stream, QByteArray bytes, std::stop_token token);

    struct Received
    {
        Answer answer;
        int resent
            = 0; // the connection broke so many times: the server may believe an answer to be delivered
    };
    // A long poll: returns with the next output however long it takes. commandId empty: the shell's own
    // stream.
    QCoro::Task<Expected<Received>> receive(QByteArray commandId, std::stop_token token);
    QCoro::Task<Expected<void>> signal(QByteArray commandId, QByteArray code, std::stop_token token);
    // Harmless when there is no shell. Never waits longer than closeDeadline.
    QCoro::Task<Expected<void>> remove();

    [[nodiscard]] bool isOpen() const { return !m_id.isEmpty(); }
    [[nodiscard]] const QByteArray& id() const { return m_id; }
    [[nodiscard]] Client& client() { return m_client; }

    static constexpr int receiveRetries = 5;
    static constexpr std::chrono::seconds closeDeadline{10};

private:
    Client& m_client;
    QByteArray m_id;
};

} // namespace postern::wsman
