// A lab of our own beside the console: starts postern-lab, reads the one JSON object it prints when ready,
// ends it at destruction. The rest of the program sees only addresses. GUI thread.
#pragma once

#include <QObject>
#include <QProcess>

#include "models/base/Error.h"

namespace postern::composition {

struct LabAddresses
{
    QString exchangeUrl;
    QString caFile;
    QString user;
    QString password;
    QString organization;
    // Of its Entra and Intune; empty: a lab without them.
    QString tenant, clientId, clientSecret;
    QString authority, graphUrl;
    int users = 0;
    int devices = 0;
};

// Reads what postern-lab prints (design.md 5). Pure.
[[nodiscard]] Expected<LabAddresses> labAddressesFromJson(const QByteArray& line);

class LabProcess : public QObject
{
    Q_OBJECT
public:
    explicit LabProcess(QObject* parent = nullptr);
    ~LabProcess() override;

    // Answers by ready or failed. `arguments` go to postern-lab as they are.
    void start(const QStringList& arguments);

signals:
    void ready(const postern::composition::LabAddresses& addresses);
    void failed(const postern::Error& error);

private:
    void readOutput();
    void ended(int exitCode);
    void failOnce(const QString& detail);

    QProcess m_process;
    QByteArray m_output;
    bool m_answered = false;
};

} // namespace postern::composition
