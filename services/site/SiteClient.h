// What a console sees of a site: it reads and asks (design.md 3). Frames and lists come by signal, work is
// asked for by submit(), which only inserts a request row and rings the doorbell; nothing here waits. GUI
// thread. LocalSiteClient implements it over a store; tests give ui a fake.
#pragma once

#include <QObject>
#include <memory>
#include <vector>

#include "models/base/Error.h"
#include "models/domain/Connector.h"
#include "models/domain/Work.h"
#include "models/frame/DeviceFrame.h"

namespace postern::site {

class SiteClient : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] virtual QString siteName() const = 0; // "PS1 - lab organisation"
    [[nodiscard]] virtual std::shared_ptr<const frame::DeviceFrame> devices() const = 0; // never null
    [[nodiscard]] virtual std::vector<Connector> connectors() const = 0;
    [[nodiscard]] virtual std::vector<Job> jobs() const = 0; // running ones and the last 50

    // Inserts the request; an equal one that is queued or running is found instead and answered with
    // AlreadyRunning in requestRefused. Answers by requestAccepted or requestRefused.
    virtual void submit(const Request& request) = 0;
    virtual void cancelJob(JobId job) = 0;

    // Adds or changes a connector; the password (if any) goes straight to the key ring. Answers by
    // connectorSaved or connectorRefused. Checks CON-06 when the organisation is known.
    virtual void saveConnector(const Connector& connector, const QString& password) = 0;
    virtual void removeConnector(ConnectorId connector) = 0;
    // Runs the prerequisite checks of a connector that need not be saved yet; answers by checkReported for
    // each line and checkFinished.
    virtual void checkConnector(const Connector& connector, const QString& password) = 0;
    virtual void stopCheck() = 0;

signals:
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
    void siteFailed(
        const postern::Error& error); // the store cannot be read; shown as a bar, retried by itself
    void siteRecovered(); // the store can be read again
};

} // namespace postern::site
