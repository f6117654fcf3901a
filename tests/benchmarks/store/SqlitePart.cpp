// Goals 11, 12, 13 and 27 on SQLite: the store against the C API with prepared statements, the same schema,
// the same key order, the same number of rows a transaction, in one run.
#include <sqlite3.h>

#include <QDir>
#include <QFile>

#include "services/store/DeviceReader.h"
#include "tests/benchmarks/store/BenchRows.h"

using namespace Qt::StringLiterals;

namespace postern::store::bench {

namespace {

const char* const columns
    = "id, connector_id, mailbox_id, eas_key, key_hash, content_hash, revision, as_of, access_state,"
      " access_reason, access_reason_text, eas_device_id, device_identity, guid, device_type,"
      " device_model, friendly_name, device_os, user_agent, client_type, client_type_text,"
      " client_version, imei, phone_number, mobile_operator, first_sync, access_control_rule,"
      " when_changed";

// The peer: what a program that only knows SQLite would write.
class Peer
{
public:
    explicit Peer(const QString& file)
    {
        check(sqlite3_open_v2(
            file.toUtf8().constData(), &m_database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr));
        run("PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384; PRAGMA "
            "journal_mode=WAL;"
            " PRAGMA synchronous=NORMAL");
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer() { sqlite3_close_v2(m_database); }

    void run(const std::string& sql)
    {
        check(sqlite3_exec(m_database, sql.c_str(), nullptr, nullptr, nullptr));
    }
    sqlite3_stmt* prepare(const std::string& sql)
    {
        sqlite3_stmt* statement = nullptr;
        check(sqlite3_prepare_v2(m_database, sql.c_str(), -1, &statement, nullptr));
        return statement;
    }
    Seconds writeAll(const std::string& sql, int phones, Order order = Order::Stored)
    {
        auto* statement = prepare(sql);
        Stopwatch watch;
        for (int first = 0; first < phones; first += pageSize) {
            std::vector<PlainRow> rows;
            for (int i = first; i < std::min(phones, first + pageSize); ++i)
                rows.push_back(plainRow(nth(order, i, phones), 1, 1));
            watch.start();
            run("BEGIN IMMEDIATE");
            for (const PlainRow& row : rows)
                writeRow(statement, row);
            run("COMMIT");
            watch.stop();
        }
        sqlite3_finalize(statement);
        return watch.spent();
    }

private:
    void writeRow(sqlite3_stmt* statement, const PlainRow& row)
    {
        for (int i = 0; i < columnCount; ++i) {
            const auto& value = row.values[std::size_t(i)];
            if (value.kind == PlainRow::Value::Kind::Integer)
                sqlite3_bind_int64(statement, i + 1, value.integer);
            else
                sqlite3_bind_text(statement, i + 1, value.text.data(), int(value.text.size()), SQLITE_STATIC);
        }
        if (sqlite3_step(statement) != SQLITE_DONE)
            check(sqlite3_errcode(m_database));
        sqlite3_reset(statement);
    }
    void check(int code)
    {
        if (code != SQLITE_OK)
            qFatal("peer: %s", sqlite3_errmsg(m_database));
    }
    sqlite3* m_database = nullptr;
};

std::string insertSql()
{
    std::string sql = std::string("INSERT INTO partnership (") + columns + ") VALUES (?";
    for (int i = 1; i < columnCount; ++i)
        sql += ", ?";
    return sql + ")";
}

// Every column that a listing brings; `onlyChanged`: with the WHERE that spares equal rows the write.
std::string upsertSql(bool onlyChanged)
{
    static const char* const content[] = {"access_state", "access_reason", "access_reason_text",
        "eas_device_id", "device_identity", "guid", "device_type", "device_model", "friendly_name",
        "device_os", "user_agent", "client_type", "client_type_text", "client_version", "imei",
        "phone_number", "mobile_operator", "first_sync", "access_control_rule", "when_changed"};
    std::string sql
        = insertSql() + " ON CONFLICT (mailbox_id, eas_key) DO UPDATE SET revision = excluded.revision";
    std::string where;
    for (const char* name : content) {
        sql += std::string(", ") + name + " = excluded." + name;
        where += std::string(where.empty() ? " WHERE " : " OR ") + name + " IS NOT excluded." + name;
    }
    return onlyChanged ? sql + where : sql;
}

Seconds peerRead(Peer& peer, qint64& bytes)
{
    auto* statement = peer.prepare(
        "SELECT p.id, p.connector_id, p.gone_since, p.stale, p.as_of, m.sam_account_name, m.display_name, "
        "m.upn,"
        " m.primary_smtp, m.department, p.device_type, p.device_model, p.friendly_name, p.device_os, "
        "p.eas_device_id,"
        " p.client_version, p.imei, p.phone_number, p.mobile_operator, p.user_agent, m.server_name,"
        " p.access_control_rule, p.access_reason_text, p.policy_applied, p.policy_status, p.device_identity,"
        " p.access_state, p.access_reason, p.client_type, p.wipe_status, p.first_sync, p.last_success_sync,"
        " p.last_sync_attempt, p.last_policy_update, p.folders_synced, p.remote_wipe_supported, m.eas_enabled"
        " FROM partnership p CROSS JOIN mailbox m WHERE m.id = p.mailbox_id AND p.gone_since IS NULL");
    Stopwatch watch;
    watch.start();
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < 37; ++i) {
            if (i >= 5 && i < 26) {
                const auto* text = sqlite3_column_text(statement, i);
                bytes += text[0] + sqlite3_column_bytes(statement, i);
            } else {
                bytes += sqlite3_column_type(statement, i) == SQLITE_NULL
                    ? 0
                    : sqlite3_column_int64(statement, i);
            }
        }
    }
    watch.stop();
    sqlite3_finalize(statement);
    return watch.spent();
}

Seconds storeRead(Site& site, qint64 since, qint64& bytes)
{
    Stopwatch watch;
    watch.start();
    const auto done = site.store->read([since, &bytes](Session& s) {
        return readDevices(s, since, [&bytes](const frame::DeviceRow& row) {
            for (const auto text : row.text)
                bytes += qint64(text.size());
            for (const qint64 number : row.number)
                bytes += number;
        });
    });
    must(done.result());
    watch.stop();
    return watch.spent();
}

qint64 residentBytes()
{
    QFile file(u"/proc/self/statm"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() * 4096 : 0;
}

struct Times
{
    Seconds fresh, coldSame, warmSame, scattered, read; // the store
    Seconds peerFresh, peerSame, peerScattered, peerRewrite, peerRewriteScattered, peerRead;
};

Times measure(Report& report, const QString& folder, int phones)
{
    const QString size = QString::number(phones);
    const QString ours = folder + u"/ours"_s + size, theirs = folder + u"/theirs"_s + size;
    Times t;
    qint64 sink = 0;
    {
        makeSite(must(SiteAddress::parse(theirs)), phones).store.reset(); // schema and mailboxes
        Peer peer(theirs);
        t.peerFresh = peer.writeAll(insertSql(), phones);
        t.peerSame = peer.writeAll(upsertSql(true), phones);
        t.peerScattered = peer.writeAll(upsertSql(true), phones, Order::Scattered);
        t.peerRewrite = peer.writeAll(upsertSql(false), phones);
        t.peerRewriteScattered = peer.writeAll(upsertSql(false), phones, Order::Scattered);
        peer.run("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    Site site = makeSite(must(SiteAddress::parse(ours)), phones);
    const qint64 before = residentBytes();
    const auto run = beginRun(site);
    t.fresh = upsertAll(site, run, phones);
    const qint64 after = residentBytes();
    t.warmSame = upsertAll(site, run, phones);
    site.store.reset();
    site.store = must(Store::open(must(SiteAddress::parse(ours))));
    t.coldSame = upsertAll(site, run, phones);
    t.scattered = upsertAll(site, run, phones, Order::Scattered);
    endRun(site, run);
    storeRead(site, 0, sink); // once for the system's cache
    t.read = storeRead(site, 0, sink);
    Peer peer(ours);
    peerRead(peer, sink);
    t.peerRead = peerRead(peer, sink);
    report.add(u"new rows, store, "_s + size, t.fresh);
    report.add(u"new rows, C API, "_s + size, t.peerFresh);
    report.addRatio(u"goal 11: new rows, store / C API, "_s + size, t.fresh, t.peerFresh, u"<= 1.2"_s);
    report.add(u"unchanged, store, index loaded in the run, "_s + size, t.coldSame);
    report.add(u"unchanged, store, index at hand, "_s + size, t.warmSame);
    report.add(u"unchanged, store, scattered order, "_s + size, t.scattered);
    report.addRatio(u"goal 12: C API rewriting / store, "_s + size, t.peerRewrite, t.warmSame, u">= 20"_s);
    report.addRatio(
        u"goal 12: same, scattered order, "_s + size, t.peerRewriteScattered, t.scattered, u">= 20"_s);
    report.addRatio(u"C API upsert WHERE changed / store, "_s + size, t.peerSame, t.warmSame);
    report.addRatio(u"same, scattered order, "_s + size, t.peerScattered, t.scattered);
    report.add(
        u"read all rows, store, "_s + size, t.read, phones == 1'000'000 ? u"goal 13: <= 1.5"_s : QString());
    report.addRatio(u"read all rows, store / C API, "_s + size, t.read, t.peerRead);
    report.add(u"memory of a first full sync, "_s + size, double(after - before) / 1e6, u"MB"_s,
        phones == 100'000 ? u"<= 64"_s : QString());
    if (sink == 42)
        qInfo("unlikely");
    return t;
}

} // namespace

void benchSqlite(Report& report, const QString& folder, const std::vector<int>& sizes)
{
    Times last;
    int lastSize = 0;
    for (const int phones : sizes) {
        const Times now = measure(report, folder, phones);
        if (lastSize > 0) {
            const QString step = u"%1 -> %2"_s.arg(lastSize).arg(phones);
            const double tenfold = 10.0 * lastSize / phones; // sizes need not be ten times apart
            const auto growth = [&](const QString& what, Seconds a, Seconds b, const QString& goal) {
                report.addRatio(what + step, {b.wall * tenfold, b.cpu * tenfold}, a, goal);
            };
            growth(u"goal 27: growth of new rows, "_s, last.fresh, now.fresh, u"<= 11"_s);
            growth(u"growth of new rows of the C API, "_s, last.peerFresh, now.peerFresh, {});
            growth(u"goal 27: growth of unchanged rows, "_s, last.coldSame, now.coldSame, u"<= 11"_s);
            growth(u"goal 27: growth of reading, "_s, last.read, now.read, u"<= 11"_s);
        }
        last = now;
        lastSize = phones;
    }
}

} // namespace postern::store::bench
