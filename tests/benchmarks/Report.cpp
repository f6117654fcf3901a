#include "tests/benchmarks/Report.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <cstdio>
#include <ctime>
#include <limits>
#include <malloc.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace postern::bench {

namespace {

double threadMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
}

} // namespace

double fastest(int runs, const std::function<void()>& run)
{
    double best = std::numeric_limits<double>::max();
    for (int i = 0; i < runs; ++i) {
        const double before = threadMilliseconds();
        run();
        best = std::min(best, threadMilliseconds() - before);
    }
    return best;
}

qint64 residentBytes()
{
    malloc_trim(0);
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * sysconf(_SC_PAGESIZE);
}

void Report::figure(const QString& what, double value, const QString& unit)
{
    std::printf("%-74s %10.2f %s\n", qPrintable(what), value, qPrintable(unit));
    std::fflush(stdout);
    m_rows.append(QJsonObject{{u"what"_s, what}, {u"value"_s, value}, {u"unit"_s, unit}});
}

void Report::goal(const QString& what, double value, const QString& unit, Better better, double goal)
{
    const bool met = better == Better::Higher ? value >= goal : value <= goal;
    m_allMet = m_allMet && met;
    std::printf("%-74s %10.2f %-10s goal %s %g %s\n", qPrintable(what), value, qPrintable(unit),
        better == Better::Higher ? ">=" : "<=", goal, met ? "met" : "MISSED");
    std::fflush(stdout);
    m_rows.append(QJsonObject{{u"what"_s, what}, {u"value"_s, value}, {u"unit"_s, unit}, {u"goal"_s, goal},
        {u"better"_s, better == Better::Higher ? u"higher"_s : u"lower"_s}, {u"met"_s, met}});
}

bool Report::write(const QString& file) const
{
    QFile out(file);
    const QJsonObject root{{u"benchmark"_s, u"frame"_s}, {u"results"_s, m_rows}};
    return out.open(QIODevice::WriteOnly) && out.write(QJsonDocument(root).toJson()) > 0;
}

} // namespace postern::bench
