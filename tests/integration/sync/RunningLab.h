// A postern-lab as a process of its own for one test: its addresses and accounts, its truth, its faults. Test
// thread.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QProcess>

#include "models/domain/Connector.h"

namespace postern::test {

class RunningLab
{
public:
    // Ready, or the test's process ends with the reason.
    explicit RunningLab(const QStringList& arguments);
    ~RunningLab();

    [[nodiscard]] const QJsonObject& addresses() const { return m_addresses; }
    // A connector of the account with this role ("full", "readOnly", "exchange2010", ...), Basic, the lab's
    // authority.
    [[nodiscard]] Connector connector(const QString& role = QStringLiteral("full")) const;
    [[nodiscard]] QString password(const QString& role = QStringLiteral("full")) const;

    [[nodiscard]] QJsonArray truth(); // of phones that are not removed
    void connectAll(); // every phone connects once: what is stored is what it would get
    int change(int every, int from = 0); // how many phones were blocked or let in again, and connected
    [[nodiscard]] QDateTime now();
    [[nodiscard]] QJsonObject state(); // counters of requests, operations, commands, violations
    void setFaults(const QJsonArray& faults);
    [[nodiscard]] QJsonArray faults();
    void clearFaults();

private:
    [[nodiscard]] QJsonObject account(const QString& role) const;
    QJsonObject request(const QByteArray& verb, const QString& path, const QJsonObject& body = {});

    QProcess m_process;
    QJsonObject m_addresses;
    QNetworkAccessManager m_network;
};

} // namespace postern::test
