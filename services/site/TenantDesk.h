// The cloud's part of what a console asks (SiteClient): tenants, sign-ins, a device's partnerships,
// suggestions. Lives on the service thread beside the session; everything it says is a signal. Without a
// session every answer is StoreUnavailable.
#pragma once

#include <QObject>
#include <QUrl>
#include <optional>
#include <stop_token>

#include "models/domain/DeviceMatch.h"
#include "models/domain/Tenant.h"
#include "services/core/Scope.h"

namespace postern {
struct CheckResult;
}

namespace postern::site {

class SiteSession;

class TenantDesk : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    void open(SiteSession* session) { m_session = session; }
    QCoro::Task<void> close(); // before the session's end

    void saveTenant(const Tenant& tenant, const QString& credential);
    void removeTenant(TenantId tenant);
    void checkTenant(const Tenant& tenant, const QString& credential);
    void stopTenantCheck() { m_check.request_stop(); }
    void startSignIn(const Tenant& tenant);
    void stopSignIn() { m_signIn.request_stop(); }
    void synchronizeTenant(TenantId tenant);
    void loadDeviceDetail(DeviceKey device);
    void answerSuggestion(PartnershipId partnership, ManagedDeviceId device, bool accept);
    void performDeviceAction(const DeviceActionRequest& request);

signals:
    void tenantSaved(const postern::Tenant& tenant);
    void tenantRefused(const postern::Tenant& tenant, const postern::Error& error);
    void tenantCheckReported(const postern::CheckResult& line);
    void tenantCheckFinished(const postern::Error& error, bool ok);
    void signInBrowserRequested(const QUrl& address);
    void signInCodeIssued(const postern::DeviceCodePrompt& prompt);
    void signInFinished(const postern::Error& error, bool ok, const QString& account);
    void deviceDetailLoaded(const postern::DeviceDetail& detail);
    void suggestionAnswered(postern::PartnershipId partnership, postern::ManagedDeviceId device,
        const std::optional<postern::Error>& refused);
    void deviceActionAnswered(
        const postern::DeviceActionRequest& request, const std::optional<postern::Error>& refused);

private:
    QCoro::Task<Expected<void>> save(Tenant tenant, QString credential);
    QCoro::Task<Expected<void>> remove(TenantId tenant);
    QCoro::Task<Expected<void>> check(Tenant tenant, QString credential, std::stop_token token);
    QCoro::Task<Expected<void>> signIn(Tenant tenant, std::stop_token token);
    QCoro::Task<Expected<void>> synchronize(TenantId tenant);
    QCoro::Task<Expected<void>> readDetail(DeviceKey device);
    QCoro::Task<Expected<void>> answer(PartnershipId partnership, ManagedDeviceId device, bool accept);
    QCoro::Task<Expected<void>> act(DeviceActionRequest request);
    [[nodiscard]] Expected<void> ready() const;

    SiteSession* m_session = nullptr;
    core::Scope m_scope;
    std::stop_source m_check, m_signIn;
};

} // namespace postern::site
