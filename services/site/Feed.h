// The change feed of a site, for whoever shows it: reads what was committed, by this process or another, and
// hands out frames and lists. Bursts are coalesced: at most one refresh in 100 ms, fewer when a refresh is
// expensive. Service thread; its signals carry values, so they may cross threads.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <memory>

#include "models/domain/SiteUser.h"
#include "models/domain/Tenant.h"
#include "models/domain/Work.h"
#include "models/frame/DeviceFrameBuilder.h"
#include "services/core/Scope.h"
#include "services/store/Store.h"

namespace postern::site {

class Feed : public QObject
{
    Q_OBJECT
public:
    // `store` outlives the feed.
    explicit Feed(store::Store& store, QObject* parent = nullptr);
    ~Feed() override;

    void start();
    // Looks for changes soon; called on a doorbell and on a commit.
    void wake();
    QCoro::Task<void> stop();

    static constexpr std::chrono::milliseconds coalesce{100};
    static constexpr std::chrono::milliseconds pollInterval{
        2'000}; // for commits of other processes without a doorbell

    static constexpr std::chrono::milliseconds usersInterval{10'000};

signals:
    void devicesChanged(std::shared_ptr<const postern::frame::DeviceFrame> frame);
    void connectorsChanged(const std::vector<postern::Connector>& connectors);
    void jobsChanged(const std::vector<postern::Job>& jobs);
    void tenantsChanged(const std::vector<postern::Tenant>& tenants);
    void deviceActionMoved(postern::ManagedDeviceId device);
    void usersChanged(postern::SharedUsers users); // at most every usersInterval: the whole list is read
    void statusMessageAdded(const postern::StatusMessage& message);
    void failed(const postern::Error& error); // repeated until it works again
    void recovered();

private:
    QCoro::Task<Expected<void>> refresh();
    QCoro::Task<Expected<void>> refreshDevices();
    QCoro::Task<Expected<void>> refreshLists(store::ChangeSet changes);
    QCoro::Task<Expected<void>> refreshMessages();
    QCoro::Task<Expected<void>> refreshCloud(store::ChangeSet changes);
    QCoro::Task<Expected<void>> refreshUsers();
    QCoro::Task<Expected<void>> refreshActions();
    void begin();

    store::Store& m_store;
    core::Scope m_scope;
    QTimer m_soon;
    QTimer m_poll;
    QElapsedTimer m_sinceRefresh;
    qint64 m_lastCostMs = 0;
    qint64 m_revision = 0; // lists are up to date with it
    qint64 m_deviceRevision = 0;
    StatusMessageId m_lastMessage;
    QElapsedTimer m_sinceUsers;
    bool m_usersChanged = true;
    bool m_first = true;
    bool m_refreshing = false;
    bool m_again = false;
    bool m_failing = false;
    bool m_stopping = false;
    // Only ever used by one read at a time, on a store thread.
    std::shared_ptr<frame::DeviceFrameBuilder> m_builder;
};

} // namespace postern::site
