// Full synchronisation of a lab, measured: wall time, client CPU and peak memory at growing sizes, and what
// 30 ms in each answer cost. The bounds are the issue's; the lab is a process of its own.
//
//   bench_fullsync [phones ...]     10000 100000 when none are given; exit 1 when a bound is missed
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>
#include <QTextStream>
#include <sys/resource.h>

#include "tests/integration/sync/LabSite.h"

using namespace postern;
using namespace postern::sync;
using namespace postern::sync::test;
using postern::test::RunningLab;
using namespace Qt::StringLiterals;

namespace {

constexpr double phonesAUser = 1.4;
constexpr int sessions = 4;

struct Figures
{
    qint64 phones = 0;
    double wall = 0, again = 0, cpu = 0; // seconds: first run, unchanged run, CPU of the first
    double peakMb = 0; // above what the process had before
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

// Forgets the high-water mark, so that each run has its own.
void resetPeak()
{
    QFile file(u"/proc/self/clear_refs"_s);
    if (file.open(QIODevice::WriteOnly))
        file.write("5");
}

double cpuSeconds()
{
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return double(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
        + double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

Figures measure(int phones, int latencyMs)
{
    RunningLab lab({u"--users"_s, QString::number(int(phones / phonesAUser)), u"--time-scale"_s, u"0"_s,
        u"--latency"_s, QString::number(latencyMs)});
    Connector connector = lab.connector();
    connector.parallelSessions = sessions;
    LabSite site(connector, lab.password());
    Figures figures;
    resetPeak();
    const double before = statusMb("VmRSS:");
    const double cpuBefore = cpuSeconds();
    QElapsedTimer timer;
    timer.start();
    const SyncOutcome first = site.sync();
    figures.wall = double(timer.elapsed()) / 1000.0;
    figures.cpu = cpuSeconds() - cpuBefore;
    figures.peakMb = statusMb("VmHWM:") - before;
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

bool bound(const QString& what, double value, double limit)
{
    QTextStream(stdout) << u"%1 %2: %3 (at most %4)\n"_s.arg(value <= limit ? u"ok    "_s : u"MISSED"_s, what)
                               .arg(value, 0, 'f', 2)
                               .arg(limit, 0, 'f', 2);
    return value <= limit;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    std::vector<int> sizes;
    for (int i = 1; i < argc; ++i)
        sizes.push_back(QString::fromLocal8Bit(argv[i]).toInt());
    if (sizes.empty())
        sizes = {10'000, 100'000};
    bool good = true;
    const Figures small = measure(sizes.front(), 0);
    print(u"no latency"_s, small);
    const Figures slow = measure(sizes.front(), 30);
    print(u"30 ms latency"_s, slow);
    good &= bound(u"wall time with 30 ms against none"_s, slow.wall / small.wall, 1.5);
    good &= bound(u"peak memory above start, MB"_s, small.peakMb, 64);
    for (size_t i = 1; i < sizes.size(); ++i) {
        const Figures large = measure(sizes.at(i), 0);
        print(u"no latency"_s, large);
        const double factor = double(large.phones) / double(small.phones);
        good &= bound(u"wall time against %1 times as many phones"_s.arg(factor, 0, 'f', 1),
            large.wall / small.wall, 1.1 * factor);
        good &= bound(u"peak memory above start, MB"_s, large.peakMb, 64);
    }
    return good ? 0 : 1;
}
