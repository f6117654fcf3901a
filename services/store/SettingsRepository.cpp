#include "services/store/SettingsRepository.h"

#include "services/store/Query.h"

namespace postern::store {

Expected<std::optional<QString>> SettingsRepository::value(const QString& key)
{
    Query query(m_session, "SELECT value FROM setting WHERE key = :key");
    query.bind(":key", key);
    std::optional<QString> found;
    if (query.next())
        found = query.text(0);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<void> SettingsRepository::set(const QString& key, const QString& value)
{
    if (auto revision = m_session.touch(Table::Setting); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "INSERT INTO setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = "
        "excluded.value");
    return query.bind(":key", key).bind(":value", value).run();
}

Expected<void> SettingsRepository::remove(const QString& key)
{
    if (auto revision = m_session.touch(Table::Setting); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session, "DELETE FROM setting WHERE key = :key");
    return query.bind(":key", key).run();
}

Expected<QMap<QString, QString>> SettingsRepository::all()
{
    Query query(m_session, "SELECT key, value FROM setting");
    QMap<QString, QString> settings;
    while (query.next())
        settings.insert(query.text(0), query.text(1));
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return settings;
}

} // namespace postern::store
