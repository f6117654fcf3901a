// Whether the notification account can send (CON-10, CON-11): where its Exchange Web Services are, by
// Autodiscover or as configured, and whether its Inbox opens with the given credentials. Every failure
// is a warning in plain words: devices are read without it. Nothing is changed and no mail is sent. The
// password goes over verified TLS only, and to hosts that the administrator did not name only when discovery
// is on. Service thread. No errors but the lines; after a stop they end early.
#pragma once

#include <QCoroTask>
#include <QNetworkAccessManager>
#include <functional>
#include <stop_token>

#include "models/domain/Connector.h"
#include "services/core/Await.h"
#include "services/wsman/Endpoint.h"

namespace postern::exchange {

class NotificationCheck
{
public:
    using Report = std::function<void(const CheckResult&)>;
    // `endpoint`: the connector's, for its host and authorities, with whose credentials to ask.
    NotificationCheck(Connector connector, wsman::Endpoint endpoint, Report report);

    QCoro::Task<void> run(std::stop_token token);

private:
    QCoro::Task<Expected<QUrl>> webServices(std::stop_token token);
    QCoro::Task<Expected<QUrl>> discover(std::stop_token token);
    QCoro::Task<Expected<QUrl>> discoverAt(QUrl url, std::stop_token token);
    QCoro::Task<void> openInbox(QUrl ews, std::stop_token token);
    QCoro::Task<Expected<core::HttpAnswer>> post(QUrl url, QByteArray body, std::stop_token token);
    [[nodiscard]] std::vector<QUrl> candidates() const;
    [[nodiscard]] bool mayHaveCredentials(const QUrl& url) const;
    void warn(const QString& id, const QString& name, const QString& detail);
    void pass(const QString& id, const QString& name, const QString& detail);

    const Connector m_connector;
    const wsman::Endpoint m_endpoint;
    const Report m_report;
    QNetworkAccessManager m_network;
};

} // namespace postern::exchange
