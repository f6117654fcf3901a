#include "services/store/CheckRepository.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "services/store/ConnectorRepository.h"
#include "services/store/Query.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

QString textOf(const std::vector<CheckResult>& lines)
{
    QJsonArray array;
    for (const CheckResult& line : lines)
        array.append(QJsonObject{{u"id"_s, line.id}, {u"name"_s, line.name},
            {u"outcome"_s, enumText(line.outcome).toString()}, {u"detail"_s, line.detail},
            {u"required"_s, line.required}});
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

std::vector<CheckResult> linesOf(const QString& text)
{
    std::vector<CheckResult> lines;
    for (const QJsonValue value : QJsonDocument::fromJson(text.toUtf8()).array()) {
        CheckResult line;
        line.id = value[u"id"_s].toString();
        line.name = value[u"name"_s].toString();
        line.outcome = enumFromText<CheckResult::Outcome>(value[u"outcome"_s].toString())
                           .value_or(CheckResult::Outcome::Warning);
        line.detail = value[u"detail"_s].toString();
        line.required = value[u"required"_s].toBool(true);
        lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace

Expected<void> CheckRepository::replace(ConnectorId connector, const StoredCheck& check)
{
    if (auto revision = m_session.touch(Table::Check); !revision)
        return tl::unexpected(revision.error());
    const auto present = ConnectorRepository(m_session).find(connector);
    if (!present)
        return tl::unexpected(present.error());
    if (!*present)
        return fail(ErrorCode::NotFound, u"it was removed meanwhile"_s, u"the connector"_s);
    Query query(m_session,
        "INSERT INTO connector_check (connector_id, checked_at, lines) VALUES (:connector, :at, :lines)"
        " ON CONFLICT (connector_id) DO UPDATE SET checked_at = excluded.checked_at, lines = excluded.lines");
    query.bind(":connector", connector.value).bind(":at", check.checkedAt);
    return query.bind(":lines", textOf(check.lines)).run();
}

Expected<std::optional<StoredCheck>> CheckRepository::last(ConnectorId connector)
{
    Query query(m_session, "SELECT checked_at, lines FROM connector_check WHERE connector_id = :connector");
    query.bind(":connector", connector.value);
    std::optional<StoredCheck> found;
    if (query.next())
        found = StoredCheck{linesOf(query.text(1)), query.time(0).value_or(QDateTime())};
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

} // namespace postern::store
