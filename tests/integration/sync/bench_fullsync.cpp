// Full synchronisation of a lab, measured: wall time, client CPU and peak memory at growing sizes, and what
// 30 ms in each answer cost. The bounds are the issue's; the lab is a process of its own.
//
//   bench_fullsync [--json FILE] [phones ...]     10000 100000 when none are given; exit 1 when a bound is
//   missed
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTextStream>
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
constexpr int usualSessions = 4;
constexpr int distantSessions = 8; // what CON-18 allows, for a server some way off
constexpr int rounds = 3; // of the short ones: the middle one counts

struct Figures
{
    qint64 phones = 0;
    double wall = 0, again = 0, cpu = 0; // seconds: first run, unchanged run, CPU of the first
    double peakMb = 0; // above what the process had before
    qint64 requests = 0; // of the first
};

double statusMb(const char* field)
{
    QFile file(u"/proc/self/status"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = file.readAll();
    const qsizetype at = text.indexOf(field);
    return at < 0
        ? 0
        : text.mid(at + qsizetype(strlen(field)), 40).simplified().split(' ').at(0).toDouble() / 1024.0;
}

double cpuSeconds()
{
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return double(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
        + double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

Figures measure(int phones, int latencyMs, int sessions)
{
    RunningLab lab({u"--users"_s, QString::number(int(phones / phonesAUser)), u"--time-scale"_s, u"0"_s,
        u"--latency"_s, QString::number(latencyMs)});
    Connector connector = lab.connector();
    connector.parallelSessions = sessions;
    LabSite site(connector, lab.password());
    Figures figures;
    const double before = statusMb("VmRSS:");
    const double cpuBefore = cpuSeconds();
    QElapsedTimer timer;
    timer.start();
    const SyncOutcome first = site.sync();
    figures.wall = double(timer.elapsed()) / 1000.0;
    figures.cpu = cpuSeconds() - cpuBefore;
    figures.peakMb = statusMb("VmHWM:") - before;
    figures.requests = lab.state()["requests"_L1].toObject()[u"/powershell"_s].toInteger();
    timer.restart();
    const SyncOutcome second = site.sync();
    figures.again = double(timer.elapsed()) / 1000.0;
    if (!first.complete || !second.complete)
        qFatal("the run did not complete: %s", qPrintable(first.sentence + second.sentence));
    figures.phones = first.counts.devicesRead;
    return figures;
}

void print(const QString& name, const Figures& figures)
{
    QTextStream(stdout)
        << u"%1: %2 phones, %3 s wall, %4 s CPU of the client, %5 MB peak above start, unchanged %6 s\n"_s
               .arg(name)
               .arg(figures.phones)
               .arg(figures.wall, 0, 'f', 2)
               .arg(figures.cpu, 0, 'f', 2)
               .arg(figures.peakMb, 0, 'f', 1)
               .arg(figures.again, 0, 'f', 2);
}

QJsonObject toJson(const Figures& f)
{
    return {{u"phones"_s, f.phones}, {u"wall"_s, f.wall}, {u"again"_s, f.again}, {u"cpu"_s, f.cpu},
        {u"peakMb"_s, f.peakMb}, {u"requests"_s, f.requests}};
}

// In a process of its own, whose heap nobody has warmed.
Figures measureApart(int phones, int latencyMs, int sessions)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QCoreApplication::applicationFilePath(),
        {u"--one"_s, QString::number(phones), QString::number(latencyMs), QString::number(sessions)});
    if (!process.waitForFinished(600'000) || process.exitCode() != 0)
        qFatal("the measuring process failed: %s", qPrintable(process.errorString()));
    const QJsonObject json = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
    return {json[u"phones"_s].toInteger(), json[u"wall"_s].toDouble(), json[u"again"_s].toDouble(),
        json[u"cpu"_s].toDouble(), json[u"peakMb"_s].toDouble(), json[u"requests"_s].toInteger()};
}

// The run whose wall time is in the middle.
Figures median(int phones, int latencyMs, int sessions)
{
    std::vector<Figures> runs;
    for (int i = 0; i < rounds; ++i)
        runs.push_back(measureApart(phones, latencyMs, sessions));
    std::sort(runs.begin(), runs.end(), [](const Figures& a, const Figures& b) { return a.wall < b.wall; });
    return runs[runs.size() / 2];
}

class Verdict
{
public:
    void bound(const QString& what, double value, double limit)
    {
        const bool met = value <= limit;
        m_good = m_good && met;
        QTextStream(stdout) << u"%1 %2: %3 (at most %4)\n"_s.arg(met ? u"ok    "_s : u"MISSED"_s, what)
                                   .arg(value, 0, 'f', 2)
                                   .arg(limit, 0, 'f', 2);
        m_results.append(
            QJsonObject{{u"name"_s, what}, {u"value"_s, value}, {u"atMost"_s, limit}, {u"met"_s, met}});
    }
    void write(const QString& path) const
    {
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write(QJsonDocument(m_results).toJson());
    }
    [[nodiscard]] bool good() const { return m_good; }

private:
    bool m_good = true;
    QJsonArray m_results;
};

} // namespace

int main(int argc, char** argv)
{
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 2); // as postern-agent
#endif
    QCoreApplication application(argc, argv);
    QStringList arguments = QCoreApplication::arguments().mid(1);
    if (arguments.value(0) == u"--one"_s) {
        const Figures figures
            = measure(arguments.value(1).toInt(), arguments.value(2).toInt(), arguments.value(3).toInt());
        QTextStream(stdout) << QJsonDocument(toJson(figures)).toJson(QJsonDocument::Compact) << '\n';
        return 0;
    }
    QString json;
    if (const qsizetype at = arguments.indexOf(u"--json"_s); at >= 0) {
        json = arguments.value(at + 1);
        arguments.remove(at, 2);
    }
    std::vector<int> sizes;
    for (const QString& argument : std::as_const(arguments))
        sizes.push_back(argument.toInt());
    if (sizes.empty())
        sizes = {10'000, 100'000};
    Verdict verdict;
    const Figures near = median(sizes.front(), 0, distantSessions);
    print(u"8 sessions, no latency"_s, near);
    const Figures distant = median(sizes.front(), 30, distantSessions);
    print(u"8 sessions, 30 ms latency"_s, distant);
    verdict.bound(u"8 sessions: wall time with 30 ms against none"_s, distant.wall / near.wall, 1.5);
    const Figures small = median(sizes.front(), 0, usualSessions);
    print(u"4 sessions, no latency"_s, small);
    const Figures slow = median(sizes.front(), 30, usualSessions);
    print(u"4 sessions, 30 ms latency"_s, slow);
    verdict.bound(u"4 sessions: wall time with 30 ms against none"_s, slow.wall / small.wall, 1.5);
    verdict.bound(u"peak memory above start, MB"_s, small.peakMb, 64);
    const Figures usual = median(sizes.front(), 20, usualSessions);
    print(u"4 sessions, 20 ms latency"_s, usual);
    verdict.bound(u"4 sessions: wall time with 20 ms against requests x latency / sessions"_s,
        usual.wall / (double(usual.requests) * 0.020 / usualSessions), 1.3);
    for (size_t i = 1; i < sizes.size(); ++i) {
        const Figures large = measureApart(sizes.at(i), 0, usualSessions);
        print(u"no latency"_s, large);
        const double factor = double(large.phones) / double(small.phones);
        verdict.bound(u"wall time against %1 times as many phones"_s.arg(factor, 0, 'f', 1),
            large.wall / small.wall, 1.1 * factor);
        verdict.bound(u"CPU time of the client against as many"_s, large.cpu / small.cpu, 1.1 * factor);
        verdict.bound(u"peak memory above start, MB"_s, large.peakMb, 64);
    }
    if (!json.isEmpty())
        verdict.write(json);
    return verdict.good() ? 0 : 1;
}
