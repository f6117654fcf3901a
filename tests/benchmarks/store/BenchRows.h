// Rows for the benchmarks, made page by page outside the timed parts, and what both parts share. One thread.
#pragma once

#include <QElapsedTimer>
#include <QJsonArray>
#include <array>
#include <ctime>
#include <string>

#include "services/store/PartnershipRepository.h"
#include "services/store/Store.h"

namespace postern::store::bench {

constexpr int pageSize = 1000;
constexpr int columnCount = 28; // that a listing writes

[[nodiscard]] int mailboxOf(int phone); // 0-based; ten phones for seven mailboxes
[[nodiscard]] Partnership phone(int number);
[[nodiscard]] Mailbox mailbox(int number);

// The same row for a C API: UTF-8 ready to be bound, so that the peer converts nothing.
struct PlainRow
{
    struct Value
    {
        enum class Kind { Integer, Text, Null } kind = Kind::Null;
        qint64 integer = 0;
        std::string text;
    };
    std::array<Value, columnCount> values;
};
[[nodiscard]] PlainRow plainRow(int number, qint64 connector, qint64 firstMailbox);

// In which order a listing comes: as the rows were first stored, or any other (an organisation sorts as it
// likes).
enum class Order { Stored, Scattered };
[[nodiscard]] int nth(Order order, int position, int count);

// Seconds of the clock and of this process' CPU (all threads; the one that waits costs nothing). On a busy
// machine only the second is worth comparing.
struct Seconds
{
    double wall = 0, cpu = 0;
};

class Stopwatch
{
public:
    void start()
    {
        m_wall.start();
        m_cpu = std::clock();
    }
    void stop()
    {
        m_spent.cpu += double(std::clock() - m_cpu) / CLOCKS_PER_SEC;
        m_spent.wall += double(m_wall.nsecsElapsed()) / 1e9;
    }
    [[nodiscard]] Seconds spent() const { return m_spent; }

private:
    QElapsedTimer m_wall;
    std::clock_t m_cpu = 0;
    Seconds m_spent;
};

struct Site
{
    std::unique_ptr<Store> store;
    ConnectorId connector;
    std::vector<MailboxId> mailboxes;
};
// A fresh site with the mailboxes of `phones` phones.
[[nodiscard]] Site makeSite(const SiteAddress& address, int phones);
[[nodiscard]] std::vector<PartnershipRow> page(const Site& site, Order order, int first, int phones);
// In the store for a listing of `phones`, page by page; `run` as in a full sync.
[[nodiscard]] Seconds upsertAll(Site& site, SyncRunId run, int phones, Order order = Order::Stored);
[[nodiscard]] SyncRunId beginRun(Site& site);
void endRun(Site& site, SyncRunId run);

class Report
{
public:
    // goal: what anchors.md asks, "" for a figure that only explains.
    void add(const QString& name, double value, const QString& unit, const QString& goal = {});
    void add(const QString& name, Seconds seconds, const QString& goal = {});
    void addRatio(
        const QString& name, Seconds a, Seconds b, const QString& goal = {}); // a / b, by clock and by CPU
    [[nodiscard]] const QJsonArray& rows() const { return m_rows; }

private:
    QJsonArray m_rows;
};

template <class T> T must(Expected<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().toLogText()));
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

void benchSqlite(Report& report, const QString& folder, const std::vector<int>& sizes);
void benchPostgres(Report& report, const QString& serverUrl, int phones);

} // namespace postern::store::bench
