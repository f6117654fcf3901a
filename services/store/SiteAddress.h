// Where a site's database is: a file path (SQLite) or a postgresql:// URL. Plain value, any thread. It never
// holds a password: an address that has one is refused, so that none gets into a settings file, a log or a
// command line.
#pragma once

#include <QString>
#include <QUrl>

#include "models/base/Error.h"

namespace postern::store {

enum class Dialect { Sqlite, Postgres };

class SiteAddress
{
public:
    // "/var/lib/postern/ps1.db", "ps1.db",
    // "postgresql://postern@db.contoso.lab:5432/ps1?sslmode=verify-full". InvalidInput with the place that is
    // wrong; a relative path is made absolute against the working directory.
    [[nodiscard]] static Expected<SiteAddress> parse(const QString& text);

    [[nodiscard]] Dialect dialect() const { return m_dialect; }
    [[nodiscard]] const QString& filePath() const { return m_filePath; } // SQLite
    [[nodiscard]] const QUrl& url() const { return m_url; } // PostgreSQL, without a password
    // For people, logs and settings; parse(toString()) gives the same address.
    [[nodiscard]] QString toString() const;
    // Under which the secret store keeps the password of a PostgreSQL role.
    [[nodiscard]] QString secretKey() const { return QStringLiteral("site/") + toString(); }
    bool operator==(const SiteAddress&) const = default;

private:
    [[nodiscard]] static Expected<SiteAddress> parseUrl(const QString& text);

    Dialect m_dialect = Dialect::Sqlite;
    QString m_filePath;
    QUrl m_url;
};

} // namespace postern::store
