// Settings of the site: stable English keys, text values. Never a secret. Store thread, inside a Session.
#pragma once

#include <QMap>
#include <optional>

#include "services/store/Session.h"

namespace postern::store {

class SettingsRepository
{
public:
    explicit SettingsRepository(Session& session)
        : m_session(session)
    {
    }
    [[nodiscard]] Expected<std::optional<QString>> value(const QString& key);
    [[nodiscard]] Expected<void> set(const QString& key, const QString& value);
    [[nodiscard]] Expected<void> remove(const QString& key);
    [[nodiscard]] Expected<QMap<QString, QString>> all();

private:
    Session& m_session;
};

} // namespace postern::store
