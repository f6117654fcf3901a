#include "services/site/Doorbell.h"

#include <QCryptographicHash>
#include <QDir>
#include <QLocalSocket>
#include <QSqlDriver>
#include <QSqlError>
#include <QSqlQuery>
#include <QStandardPaths>
#include <QUrl>
#include <QUuid>

#include "services/core/Logging.h"

namespace postern::site {

namespace {

const QString channel = QStringLiteral("postern_site");

QString defaultFolder()
{
    const QString runtime = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    return runtime.isEmpty() ? QDir::tempPath() : runtime;
}

// Short: a socket's path may have 107 bytes.
QString folderFor(const QString& siteFile, const QString& folder)
{
    const QByteArray hash
        = QCryptographicHash::hash(siteFile.toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    return QStringLiteral("%1/postern-%2")
        .arg(folder.isEmpty() ? defaultFolder() : folder, QString::fromLatin1(hash));
}

void ringSocket(const QString& path)
{
    auto* const socket = new QLocalSocket;
    // Whoever listens needs no byte: being called is the message. Nobody there: the socket file is a dead
    // process's.
    QObject::connect(socket, &QLocalSocket::connected, socket, &QLocalSocket::disconnectFromServer);
    QObject::connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
    QObject::connect(
        socket, &QLocalSocket::errorOccurred, socket, [socket, path](QLocalSocket::LocalSocketError error) {
            if (error == QLocalSocket::ConnectionRefusedError)
                QFile::remove(path);
            socket->deleteLater();
        });
    socket->connectToServer(path);
}

} // namespace

LocalDoorbell::LocalDoorbell(const QString& siteFile, const QString& folder, QObject* parent)
    : Doorbell(parent)
    , m_folder(folderFor(siteFile, folder))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &LocalDoorbell::answer);
}

LocalDoorbell::~LocalDoorbell()
{
    m_server.close();
}

Expected<void> LocalDoorbell::listen()
{
    const QString origin = QStringLiteral("doorbell in %1").arg(m_folder);
    if (!QDir().mkpath(m_folder)
        || !QFile::setPermissions(m_folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
        return fail(ErrorCode::AccessDenied, QStringLiteral("the folder cannot be made"), origin);
    const QString name = QUuid::createUuid().toString(QUuid::WithoutBraces).left(8);
    if (!m_server.listen(QStringLiteral("%1/%2").arg(m_folder, name)))
        return fail(ErrorCode::Internal, m_server.errorString(), origin);
    return {};
}

void LocalDoorbell::ring()
{
    const QString own = m_server.fullServerName();
    const QDir folder(m_folder);
    const QStringList names = folder.entryList(QDir::System | QDir::Files);
    for (const QString& name : names) {
        const QString path = folder.filePath(name);
        if (path != own)
            ringSocket(path);
    }
}

void LocalDoorbell::answer()
{
    while (QLocalSocket* const caller = m_server.nextPendingConnection())
        caller->deleteLater();
    emit rung();
}

PostgresDoorbell::PostgresDoorbell(
    const store::SiteAddress& address, const QString& password, QObject* parent)
    : Doorbell(parent)
    , m_connection(QSqlDatabase::addDatabase(
          QStringLiteral("QPSQL"), QStringLiteral("doorbell-%1").arg(QUuid::createUuid().toString())))
{
    const QUrl url = address.url();
    m_connection.setHostName(url.host());
    m_connection.setPort(url.port(5432));
    m_connection.setDatabaseName(url.path().mid(1));
    m_connection.setUserName(url.userName());
    m_connection.setPassword(password);
    m_connection.setConnectOptions(url.query(QUrl::FullyDecoded).replace(u'&', u';'));
}

PostgresDoorbell::~PostgresDoorbell()
{
    const QString name = m_connection.connectionName();
    m_connection.close();
    m_connection = QSqlDatabase();
    QSqlDatabase::removeDatabase(name);
}

Expected<void> PostgresDoorbell::openConnection()
{
    if (m_connection.isOpen() || m_connection.open())
        return {};
    return fail(ErrorCode::StoreUnavailable, m_connection.lastError().text(), QStringLiteral("doorbell"));
}

Expected<void> PostgresDoorbell::listen()
{
    if (auto opened = openConnection(); !opened)
        return opened;
    connect(m_connection.driver(), &QSqlDriver::notification, this, &PostgresDoorbell::rung);
    if (!m_connection.driver()->subscribeToNotification(channel))
        return fail(ErrorCode::StoreFailed, m_connection.lastError().text(), QStringLiteral("LISTEN"));
    return {};
}

void PostgresDoorbell::ring()
{
    if (!openConnection())
        return;
    QSqlQuery notify(m_connection);
    if (!notify.exec(QStringLiteral("NOTIFY %1").arg(channel)))
        qCWarning(core::logSite).noquote() << "NOTIFY failed:" << notify.lastError().text();
}

} // namespace postern::site
