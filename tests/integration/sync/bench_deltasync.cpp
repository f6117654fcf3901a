// A delta of 0.5 % changed phones against the full before it, on a lab that finds what changed as fast as an
// indexed directory does: time, requests and client CPU. The bound is the issue's.
//
//   bench_deltasync [--json FILE] [phones]     100000 when not given; exit 1 when the bound is missed
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTextStream>
#include <algorithm>
#include <malloc.h>
#include <sys/resource.h>

#include "tests/integration/sync/LabSite.h"

using namespace postern;
using namespace postern::sync;
using namespace postern::sync::test;
using postern::test::RunningLab;
using namespace Qt::StringLiterals;

namespace {

constexpr double phonesAUser = 1.4;
constexpr int changedOneIn = 200;
constexpr int rounds = 5; // of deltas: the middle one counts

struct Figures
{
    double wall = 0, cpu = 0; // seconds
    qint64 requests = 0, commands = 0, devices = 0;
};

double cpuSeconds()
{
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return double(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
        + double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

qint64 total(const QJsonObject& counted)
{
    qint64 sum = 0;
    for (const QJsonValue& value : counted)
        sum += value.toInteger();
    return sum;
}

Figures measured(RunningLab& lab, const std::function<SyncOutcome()>& run)
{
    const QJsonObject before = lab.state();
    const double cpu = cpuSeconds();
    QElapsedTimer timer;
    timer.start();
    const SyncOutcome outcome = run();
    Figures figures;
    figures.wall = double(timer.nsecsElapsed()) / 1e9;
    figures.cpu = cpuSeconds() - cpu;
    if (!outcome.complete)
        qFatal("the run did not complete: %s", qPrintable(outcome.sentence));
    const QJsonObject after = lab.state();
    figures.requests = after["requests"_L1].toObject()[u"/powershell"_s].toInteger()
        - before["requests"_L1].toObject()[u"/powershell"_s].toInteger();
    figures.commands = total(after["commands"_L1].toObject()) - total(before["commands"_L1].toObject());
    figures.devices = outcome.counts.devicesRead;
    return figures;
}

void print(const QString& name, const Figures& f)
{
    QTextStream(stdout) << u"%1: %2 devices, %3 s wall, %4 s CPU of the client, %5 requests, %6 cmdlets\n"_s
                               .arg(name)
                               .arg(f.devices)
                               .arg(f.wall, 0, 'f', 3)
                               .arg(f.cpu, 0, 'f', 3)
                               .arg(f.requests)
                               .arg(f.commands);
}

QJsonObject bound(const QString& what, double value, double limit)
{
    const bool met = value <= limit;
    QTextStream(stdout) << u"%1 %2: %3 (at most %4)\n"_s.arg(met ? u"ok    "_s : u"MISSED"_s, what)
                               .arg(value, 0, 'f', 3)
                               .arg(limit, 0, 'f', 3);
    return {{u"name"_s, what}, {u"value"_s, value}, {u"atMost"_s, limit}, {u"met"_s, met}};
}

} // namespace

int main(int argc, char** argv)
{
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 2); // as postern-agent
#endif
    QCoreApplication application(argc, argv);
    QStringList arguments = QCoreApplication::arguments().mid(1);
    QString json;
    if (const qsizetype at = arguments.indexOf(u"--json"_s); at >= 0) {
        json = arguments.value(at + 1);
        arguments.remove(at, 2);
    }
    const int phones = arguments.isEmpty() ? 100'000 : arguments.first().toInt();
    RunningLab lab({u"--users"_s, QString::number(int(phones / phonesAUser)), u"--time-scale"_s, u"0"_s});
    Connector connector = lab.connector();
    connector.parallelSessions = 4;
    LabSite site(connector, lab.password());
    site.site.clock.time = lab.now(); // which stands still: every delta finds what has changed since the full
    const Figures full = measured(lab, [&] { return site.sync(); });
    print(u"full"_s, full);
    std::vector<Figures> deltas;
    for (int i = 0; i < rounds; ++i) {
        lab.change(changedOneIn); // the same phones: blocked, let in, blocked …
        deltas.push_back(measured(lab, [&] { return site.delta(); }));
        print(u"delta"_s, deltas.back());
    }
    std::sort(
        deltas.begin(), deltas.end(), [](const Figures& a, const Figures& b) { return a.wall < b.wall; });
    const Figures delta = deltas.at(deltas.size() / 2);
    QJsonArray results;
    results.append(
        bound(u"time of a delta with 0.5 % changed against the full"_s, delta.wall / full.wall, 0.01));
    QTextStream(stdout) << u"requests against the full: %1, CPU of the client: %2\n"_s
                               .arg(double(delta.requests) / double(full.requests), 0, 'f', 3)
                               .arg(delta.cpu / full.cpu, 0, 'f', 3);
    if (QFile file(json); !json.isEmpty() && file.open(QIODevice::WriteOnly))
        file.write(QJsonDocument(results).toJson());
    const bool good = std::all_of(
        results.begin(), results.end(), [](const QJsonValue& r) { return r["met"_L1].toBool(); });
    return good ? 0 : 1;
}
