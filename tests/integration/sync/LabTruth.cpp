#include "tests/integration/sync/LabTruth.h"

#include <QJsonObject>

#include "services/store/DeviceReader.h"

namespace postern::sync::test {

using namespace Qt::StringLiterals;

namespace {

QString lineOf(const frame::DeviceRow& row)
{
    const auto text = [&row](frame::DeviceColumn column) {
        const auto view = row.text[size_t(column)];
        return QString::fromUtf8(view.data(), qsizetype(view.size()));
    };
    const qint64 success = row.number[size_t(frame::DeviceColumn::LastSuccessSync)];
    const QString when = success == frame::noValue
        ? QString()
        : QDateTime::fromMSecsSinceEpoch(success, Qt::UTC).toString(Qt::ISODate);
    return QStringList{
        text(frame::DeviceColumn::DeviceIdentity).section(u"/ExchangeActiveSyncDevices/"_s, 0, 0),
        text(frame::DeviceColumn::EasDeviceId),
        enumText(AccessState(row.number[size_t(frame::DeviceColumn::AccessState)])).toString(),
        text(frame::DeviceColumn::AccessStateReasonText), when, text(frame::DeviceColumn::UserPrincipalName)}
        .join(u'|');
}

} // namespace

QStringList storedRows(SyncFixture& fixture)
{
    auto future = fixture.site->read([](store::Session& session) -> Expected<QStringList> {
        QStringList rows;
        auto done
            = store::readDevices(session, 0, [&rows](const frame::DeviceRow& row) { rows << lineOf(row); });
        if (!done)
            return tl::unexpected(done.error());
        rows.sort();
        return rows;
    });
    future.waitForFinished();
    return future.result().value();
}

QStringList trueRows(const QJsonArray& phones)
{
    QStringList rows;
    for (const QJsonValue& phone : phones) {
        const QString state = phone["storedState"_L1].toString();
        rows << QStringList{phone["owner"_L1].toString(), phone["device"_L1].toString(),
            state == "DeviceDiscovery"_L1 ? u"Unknown"_s : state, phone["storedReason"_L1].toString(),
            phone["hasStatistics"_L1].toBool() ? phone["lastSuccessSync"_L1].toString() : QString(),
            phone["upn"_L1].toString()}
                    .join(u'|');
    }
    rows.sort();
    return rows;
}

QString differences(const QStringList& have, const QStringList& want)
{
    QStringList lines;
    for (const QString& row : want) {
        if (!have.contains(row))
            lines << u"missing "_s + row;
    }
    for (const QString& row : have) {
        if (!want.contains(row))
            lines << u"not true "_s + row;
    }
    return lines.mid(0, 20).join(u'\n');
}

QString identityOf(const QString& row)
{
    return row.section(u'|', 0, 1);
}

QString lastSuccessOf(const QString& row)
{
    return row.section(u'|', 4, 4);
}

} // namespace postern::sync::test
