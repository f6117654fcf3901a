// A postern-lab of the test's own: started, read, given faults, ended by its process id. Test's thread only.
#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QUrl>

#include "services/wsman/Endpoint.h"

namespace postern::test {

class LabFixture
{
public:
    ~LabFixture();
    // False with a reason: no lab was built, or it did not become ready.
    bool start(QStringList arguments);
    [[nodiscard]] const QString& reason() const { return m_reason; }

    [[nodiscard]] QUrl url() const;
    [[nodiscard]] QUrl badTls(const QString& kind) const;
    [[nodiscard]] QList<QSslCertificate> authorities() const;
    // Of a role: "full", "readOnly", ...; user in the form DOMAIN\name.
    [[nodiscard]] QString user(const QString& role) const;
    [[nodiscard]] QString password(const QString& role) const;
    [[nodiscard]] wsman::Endpoint endpoint(
        wsman::SignIn signIn, const QString& role = QStringLiteral("full")) const;
    [[nodiscard]] int devices() const { return m_about.value(QStringLiteral("devices")).toInt(); }
    [[nodiscard]] const QJsonObject& about() const { return m_about; }

    // POST and GET below /lab/. An invalid document when it failed.
    QJsonDocument post(const QString& path, const QJsonObject& body);
    QJsonDocument get(const QString& path);
    bool fault(const QJsonObject& rule);
    bool clearFaults();

private:
    [[nodiscard]] QJsonObject account(const QString& role) const;
    QJsonDocument request(const QByteArray& verb, const QString& path, const QByteArray& body);
    QProcess m_process;
    QJsonObject m_about;
    QString m_reason;
};

} // namespace postern::test
