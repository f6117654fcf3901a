// What a console sees of a site: it reads and asks (design.md 3). Frames and lists come by signal, work is
// asked for by submit(), which only inserts a request row and rings the doorbell; nothing here waits. GUI
// thread. LocalSiteClient implements it over a store; tests give ui a fake.
#pragma once

#include <QObject>
#include <QUrl>
#include <memory>
#include <optional>
#include <vector>

#include "models/base/Error.h"
#include "models/domain/Connector.h"
#include "models/domain/DeviceMatch.h"
#include "models/domain/SiteUser.h"
#include "models/domain/Tenant.h"
#include "models/domain/Work.h"
#include "models/domain/WriteRecord.h"
#include "models/frame/DeviceFrame.h"

namespace postern::site {

struct StatusMessageQuery
{
    int token = 0; // the caller's own; comes back with the answer
    QDateTime since; // null: all
    std::optional<Severity> severity;
    ConnectorId connectorId{}; // invalid: all
    int limit = 5'000;
};

class SiteClient : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] virtual QString siteName() const = 0; // "PS1 - lab organisation"
    [[nodiscard]] virtual std::shared_ptr<const frame::DeviceFrame> devices() const = 0; // never null
    [[nodiscard]] virtual std::vector<Connector> connectors() const = 0;
    [[nodiscard]] virtual std::vector<Job> jobs() const = 0; // running ones and the last 50
    // EasDisc.log of the service, when it is on this computer; "" otherwise.
    [[nodiscard]] virtual QString logFile() const { return {}; }

    // Inserts the request; an equal one that is queued or running is found instead and answered with
    // AlreadyRunning in requestRefused. Answers by requestAccepted or requestRefused.
    virtual void submit(const Request& request) = 0;
    virtual void cancelJob(JobId job) = 0;

    // Adds or changes a connector; the password (if any) goes straight to the key ring. Answers by
    // connectorSaved or connectorRefused. Checks CON-06 when the organisation is known.
    virtual void saveConnector(const Connector& connector, const QString& password) = 0;
    // CON-48: a request to the service. `keepEntries`: leave the allow and block entries that Postern wrote.
    virtual void removeConnector(ConnectorId connector, bool keepEntries) = 0;
    // Runs the prerequisite checks of a connector that need not be saved yet; answers by checkReported for
    // each line and checkFinished.
    virtual void checkConnector(const Connector& connector, const QString& password) = 0;
    virtual void stopCheck() = 0;

    // CON-63. Answers by statusMessagesLoaded (newest first) with the same token; live ones come by
    // statusMessageAdded.
    virtual void loadStatusMessages(const StatusMessageQuery& query) { Q_UNUSED(query) }
    // SHL-46: the last check of a connector, as it was stored, and when. Answers by lastCheckLoaded.
    virtual void loadLastCheck(ConnectorId connector) { Q_UNUSED(connector) }
    // The journal of what was written to Exchange for a connector, newest first. Answers by writesLoaded.
    virtual void loadWrites(ConnectorId connector, int limit)
    {
        Q_UNUSED(connector)
        Q_UNUSED(limit)
    }
    // SHL-25: the lines that would be sent for the settings of `connector` as they are entered, with what
    // Exchange has now where that is known. Answers by settingsPreviewed.
    virtual void previewSettings(const Connector& connector) { Q_UNUSED(connector) }

    // Issue 5: Intune and Entra. A site without them has no tenants.
    [[nodiscard]] virtual std::vector<Tenant> tenants() const { return {}; }
    // Adds or changes a tenant. `credential`: a client secret's text, or PEM text of a certificate with its
    // private key, as Tenant::signIn says; it goes straight to the key ring; empty keeps the one that is
    // there. The tokens of a sign-in for the same tenantId that finished before are kept as well. Answers by
    // tenantSaved or tenantRefused (Conflict: somebody else changed it; AlreadyRunning: that tenant is
    // connected under another name).
    virtual void saveTenant(const Tenant& tenant, const QString& credential)
    {
        Q_UNUSED(tenant)
        Q_UNUSED(credential)
    }
    virtual void removeTenant(TenantId tenant) { Q_UNUSED(tenant) }
    // CON-39 for a tenant that need not be saved yet: sign-in, permissions by name (each a line with id
    // "CON-39" and the permission as name; required when it is essential), subscription, MDM authority,
    // directory synchronisation. Answers by tenantCheckReported for each line and tenantCheckFinished.
    virtual void checkTenant(const Tenant& tenant, const QString& credential)
    {
        Q_UNUSED(tenant)
        Q_UNUSED(credential)
    }
    virtual void stopTenantCheck() { }
    // Lets a person sign in by tenant.signIn (Browser or DeviceCode). Answers by signInBrowserRequested (the
    // console opens the address) or signInCodeIssued, then by signInFinished. A second one stops the first.
    // The tokens of a tenant that is saved (valid id) go into the key ring at once and its work goes on.
    virtual void startSignIn(const Tenant& tenant) { Q_UNUSED(tenant) }
    virtual void stopSignIn() { }
    // Reads Intune and Entra now. Progress is TenantState::Synchronizing in tenantsChanged.
    virtual void synchronizeTenant(TenantId tenant) { Q_UNUSED(tenant) }

    // SYN-14: the partnerships beneath a row of the device list, and what might belong to it. Answers by
    // deviceDetailLoaded.
    virtual void loadDeviceDetail(DeviceKey device) { Q_UNUSED(device) }
    // SYN-11 e: an operator confirms a suggestion, or rejects it for good. Answers by suggestionAnswered.
    virtual void answerSuggestion(PartnershipId partnership, ManagedDeviceId device, bool accept)
    {
        Q_UNUSED(partnership)
        Q_UNUSED(device)
        Q_UNUSED(accept)
    }
    // ACT-03, 04, 12. Answers by deviceActionAnswered when Intune has taken it or refused; how the phone gets
    // on with it comes with loadDeviceDetail, and news of it by deviceActionMoved.
    virtual void performDeviceAction(const DeviceActionRequest& request) { Q_UNUSED(request) }
    [[nodiscard]] virtual SharedUsers users() const // never null
    {
        return std::make_shared<const SiteUsers>();
    }

signals:
    void tenantsChanged(const std::vector<postern::Tenant>& tenants);
    void tenantSaved(const postern::Tenant& tenant);
    void tenantRefused(const postern::Tenant& tenant, const postern::Error& error);
    void tenantCheckReported(const postern::CheckResult& line);
    void tenantCheckFinished(const postern::Error& error, bool ok); // ok: every required check passed
    void signInBrowserRequested(const QUrl& address);
    void signInCodeIssued(const postern::DeviceCodePrompt& prompt);
    // ok: `account` is who signed in. Otherwise the error; Cancelled after stopSignIn().
    void signInFinished(const postern::Error& error, bool ok, const QString& account);
    void deviceDetailLoaded(const postern::DeviceDetail& detail);
    void suggestionAnswered(postern::PartnershipId partnership, postern::ManagedDeviceId device,
        const std::optional<postern::Error>& refused);
    void deviceActionAnswered(
        const postern::DeviceActionRequest& request, const std::optional<postern::Error>& refused);
    void deviceActionMoved(postern::ManagedDeviceId device);
    void usersChanged(postern::SharedUsers users);
    void devicesChanged(std::shared_ptr<const postern::frame::DeviceFrame> frame);
    void connectorsChanged(const std::vector<postern::Connector>& connectors);
    void jobsChanged(const std::vector<postern::Job>& jobs);
    void statusMessageAdded(const postern::StatusMessage& message);
    void requestAccepted(const postern::Request& request);
    void requestRefused(const postern::Request& request, const postern::Error& error);
    void connectorSaved(const postern::Connector& connector);
    void connectorRefused(const postern::Connector& connector, const postern::Error& error);
    void checkReported(const postern::CheckResult& line);
    void checkFinished(const postern::Error& error, bool ok); // ok: every required check passed
    void statusMessagesLoaded(
        const postern::site::StatusMessageQuery& query, const std::vector<postern::StatusMessage>& messages);
    void lastCheckLoaded(postern::ConnectorId connector, const std::vector<postern::CheckResult>& lines,
        const QDateTime& checkedAt);
    void writesLoaded(postern::ConnectorId connector, const std::vector<postern::WriteRecord>& writes);
    void settingsPreviewed(const postern::Connector& connector, const QStringList& commands);
    void siteFailed(
        const postern::Error& error); // the store cannot be read; shown as a bar, retried by itself
    void siteRecovered(); // the store can be read again
};

} // namespace postern::site
