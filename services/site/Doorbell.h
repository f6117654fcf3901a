// Wakes whoever waits for news of a site: the service for requests, a console for changes. Only a hint: what
// it announces is in the store, so a lost ring costs one poll interval and nothing else. Lives on the thread
// that created it.
//   SQLite: a local socket for each listener, in a private folder named after the site's file.
//   PostgreSQL: LISTEN and NOTIFY.
#pragma once

#include <QLocalServer>
#include <QObject>
#include <QSqlDatabase>
#include <memory>

#include "models/base/Error.h"
#include "services/store/SiteAddress.h"

namespace postern::site {

class Doorbell : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    // Starts to hear others' rings. On failure rung() never comes from outside and the caller's polling has
    // to do.
    [[nodiscard]] virtual Expected<void> listen() = 0;
    // Wakes every other listener, in this process or another. Never blocks.
    virtual void ring() = 0;

signals:
    void rung();
};

class LocalDoorbell final : public Doorbell
{
    Q_OBJECT
public:
    // `siteFile`: the database file's absolute path. `folder`: where the sockets go; empty: the user's
    // runtime folder.
    explicit LocalDoorbell(const QString& siteFile, const QString& folder = {}, QObject* parent = nullptr);
    ~LocalDoorbell() override;

    [[nodiscard]] Expected<void> listen() override;
    void ring() override;

private:
    void answer();

    QString m_folder;
    QLocalServer m_server;
};

class PostgresDoorbell final : public Doorbell
{
    Q_OBJECT
public:
    // Opens a connection of its own at the first listen() or ring().
    PostgresDoorbell(const store::SiteAddress& address, const QString& password, QObject* parent = nullptr);
    ~PostgresDoorbell() override;

    [[nodiscard]] Expected<void> listen() override;
    void ring() override;

private:
    [[nodiscard]] Expected<void> openConnection();

    QSqlDatabase m_connection;
};

} // namespace postern::site
