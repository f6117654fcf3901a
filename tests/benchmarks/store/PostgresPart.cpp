// Goal 14 on PostgreSQL: the store's COPY against QPSQL with a prepared insert, the same schema and pages, in
// one run.
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QUrl>

#include "services/store/DeviceReader.h"
#include "tests/benchmarks/store/BenchRows.h"

using namespace Qt::StringLiterals;

namespace postern::store::bench {

namespace {

QSqlDatabase connectTo(const QUrl& url)
{
    auto database = QSqlDatabase::addDatabase(u"QPSQL"_s, url.path().mid(1));
    database.setHostName(url.host());
    database.setPort(url.port());
    database.setUserName(url.userName());
    database.setDatabaseName(url.path().mid(1));
    if (!database.open())
        qFatal("%s", qPrintable(database.lastError().text()));
    return database;
}

void must(bool ok, const QSqlQuery& query)
{
    if (!ok)
        qFatal("%s", qPrintable(query.lastError().text()));
}

Seconds peerInsert(QSqlDatabase& database, int phones)
{
    QString sql
        = u"INSERT INTO partnership (id, connector_id, mailbox_id, eas_key, key_hash, content_hash, "
          u"revision, as_of,"
          " access_state, access_reason, access_reason_text, eas_device_id, device_identity, guid, "
          "device_type,"
          " device_model, friendly_name, device_os, user_agent, client_type, client_type_text, "
          "client_version, imei,"
          " phone_number, mobile_operator, first_sync, access_control_rule, when_changed) VALUES (?"_s;
    for (int i = 1; i < columnCount; ++i)
        sql += u", ?"_s;
    QSqlQuery query(database);
    must(query.prepare(sql + u')'), query);
    Stopwatch watch;
    for (int first = 0; first < phones; first += pageSize) {
        std::vector<std::vector<QVariant>> rows;
        for (int i = first; i < std::min(phones, first + pageSize); ++i) {
            auto& values = rows.emplace_back();
            for (const auto& value : plainRow(i, 1, 1).values)
                values.push_back(value.kind == PlainRow::Value::Kind::Integer
                        ? QVariant(value.integer)
                        : QVariant(QString::fromStdString(value.text)));
        }
        watch.start();
        database.transaction();
        for (const auto& values : rows) {
            for (int i = 0; i < columnCount; ++i)
                query.bindValue(i, values[std::size_t(i)]);
            must(query.exec(), query);
        }
        database.commit();
        watch.stop();
    }
    return watch.spent();
}

} // namespace

void benchPostgres(Report& report, const QString& serverUrl, int phones)
{
    QUrl url(serverUrl);
    auto server = connectTo(url);
    const QString names[] = {u"bench_ours"_s, u"bench_theirs"_s};
    for (const QString& name : names) {
        QSqlQuery query(server);
        must(query.exec(u"DROP DATABASE IF EXISTS "_s + name), query);
        must(query.exec(u"CREATE DATABASE "_s + name), query);
    }
    url.setPath(u"/bench_theirs"_s);
    makeSite(bench::must(SiteAddress::parse(url.toString())), phones).store.reset();
    Seconds peer;
    {
        auto database = connectTo(url);
        peer = peerInsert(database, phones);
        database.close();
    }
    url.setPath(u"/bench_ours"_s);
    Site site = makeSite(bench::must(SiteAddress::parse(url.toString())), phones);
    const auto run = beginRun(site);
    const Seconds fresh = upsertAll(site, run, phones);
    const Seconds same = upsertAll(site, run, phones);
    endRun(site, run);
    qint64 rows = 0;
    QElapsedTimer timer;
    timer.start();
    const auto read = site.store->read(
        [&rows](Session& s) { return readDevices(s, 0, [&rows](const frame::DeviceRow&) { ++rows; }); });
    bench::must(read.result());
    report.add(u"PostgreSQL read all rows, %1"_s.arg(rows), double(timer.nsecsElapsed()) / 1e9, u"s"_s);
    report.add(u"PostgreSQL new rows, store, %1"_s.arg(phones), fresh);
    report.add(u"PostgreSQL new rows, QPSQL prepared, %1"_s.arg(phones), peer);
    report.add(
        u"goal 14: QPSQL prepared / store"_s, peer.wall / fresh.wall, u"x"_s, u">= 4"_s); // the server works
    report.add(u"PostgreSQL unchanged, store, %1"_s.arg(phones), same);
    site.store.reset();
    for (const QString& name : names) {
        QSqlQuery query(server);
        query.exec(u"DROP DATABASE "_s + name + u" WITH (FORCE)"_s);
    }
}

} // namespace postern::store::bench
