// `postern-agent run` with nothing to do, for a minute: CPU, bytes written, how often it wakes up, and
// memory, from /proc. Needs a key ring, because the agent reads the connector's password from it; without one
// it says so and measures nothing. The bounds are the and those of an idle service elsewhere (two
// wake-ups a second).
//
//   bench_idle [--json FILE] [seconds [phones]]     60 and 10000; exit 1 when a bound is missed
#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTextStream>
#include <QThread>
#include <unistd.h>

#include "tests/integration/sync/RunningLab.h"

using namespace postern;
using postern::test::RunningLab;
using namespace Qt::StringLiterals;

namespace {

constexpr int settleSeconds = 20; // the first look at the schedules, and what comes after a start

struct Sample
{
    double cpu = 0; // seconds
    qint64 written = 0; // bytes that went to the disk
    qint64 wakeUps = 0; // voluntary switches, all threads
    double residentMb = 0;
};

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

qint64 field(const QByteArray& text, const char* name)
{
    const qsizetype at = text.indexOf(name);
    return at < 0 ? 0 : text.mid(at + qsizetype(strlen(name)), 40).simplified().split(' ').at(0).toLongLong();
}

Sample sample(qint64 pid)
{
    const QString process = u"/proc/%1/"_s.arg(pid);
    Sample now;
    const QByteArray stat = contents(process + u"stat"_s);
    const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    now.cpu = (fields.value(11).toDouble() + fields.value(12).toDouble()) / double(sysconf(_SC_CLK_TCK));
    now.written = field(contents(process + u"io"_s), "write_bytes:");
    now.residentMb = double(field(contents(process + u"status"_s), "VmRSS:")) / 1024.0;
    const QStringList threads = QDir(process + u"task"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString& thread : threads)
        now.wakeUps
            += field(contents(process + u"task/"_s + thread + u"/status"_s), "\nvoluntary_ctxt_switches:");
    return now;
}

class Agent
{
public:
    explicit Agent(const QString& site)
        : m_site(site)
    {
    }
    // What it said on its error stream, when it failed.
    QString run(const QStringList& arguments, const QByteArray& input = {})
    {
        QProcess process;
        process.start(program(), QStringList{u"--site"_s, m_site} + arguments);
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(300'000) || process.exitCode() != 0)
            return QString::fromUtf8(process.readAllStandardError()) + u"(failed)"_s;
        return {};
    }
    void serve(QProcess& process) const
    {
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(program(), {u"--site"_s, m_site, u"run"_s});
        if (!process.waitForStarted(10'000))
            qFatal("the agent did not start");
    }

private:
    static QString program() { return QStringLiteral(POSTERN_BIN_DIR) + u"/postern-agent"_s; }
    QString m_site;
};

QJsonObject bound(const QString& what, double value, double limit)
{
    const bool met = value <= limit;
    QTextStream(stdout) << u"%1 %2: %3 (at most %4)\n"_s.arg(met ? u"ok    "_s : u"MISSED"_s, what)
                               .arg(value, 0, 'f', 3)
                               .arg(limit, 0, 'f', 3);
    return {{u"name"_s, what}, {u"value"_s, value}, {u"atMost"_s, limit}, {u"met"_s, met}};
}

// Where it wrote: file by file, what changed while nothing should.
QMap<QString, QDateTime> filesOf(const QString& folder)
{
    QMap<QString, QDateTime> files;
    QDirIterator walk(folder, QDir::Files, QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        walk.next();
        files.insert(walk.filePath(), walk.fileInfo().lastModified());
    }
    return files;
}

// A site with the lab's connector, right after its full; or what went wrong.
QString fill(Agent& agent, const RunningLab& lab)
{
    const Connector connector = lab.connector();
    QString failure = agent.run({u"site"_s, u"init"_s});
    if (failure.isEmpty())
        failure = agent.run({u"connector"_s, u"add"_s, u"--kind"_s, u"on-premises"_s, u"--name"_s, u"ex1"_s,
                                u"--url"_s, connector.serverAddress, u"--user"_s, connector.user, u"--auth"_s,
                                u"basic"_s, u"--ca-file"_s, connector.caFile, u"--password-stdin"_s},
            lab.password().toUtf8() + '\n');
    if (failure.isEmpty())
        failure = agent.run({u"sync"_s, u"full"_s});
    return failure;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    QStringList arguments = QCoreApplication::arguments().mid(1);
    QString json;
    if (const qsizetype at = arguments.indexOf(u"--json"_s); at >= 0) {
        json = arguments.value(at + 1);
        arguments.remove(at, 2);
    }
    const int seconds = arguments.isEmpty() ? 60 : arguments.at(0).toInt();
    const int phones = arguments.size() < 2 ? 10'000 : arguments.at(1).toInt();
    RunningLab lab({u"--users"_s, QString::number(int(phones / 1.4)), u"--time-scale"_s, u"0"_s});
    QTemporaryDir folder; // on a disk: written bytes are counted
    Agent agent(folder.filePath(u"site.db"_s));
    if (const QString failure = fill(agent, lab); !failure.isEmpty()) {
        QTextStream(stdout) << u"not measured, a key ring is needed (./dev test starts one): %1\n"_s.arg(
            failure);
        return 0;
    }
    QProcess service;
    agent.serve(service);
    QThread::sleep(settleSeconds);
    const auto filesBefore = filesOf(folder.path());
    const Sample before = sample(service.processId());
    QThread::sleep(static_cast<unsigned long>(seconds));
    const Sample after = sample(service.processId());
    const auto filesAfter = filesOf(folder.path());
    service.terminate();
    service.waitForFinished(20'000);
    QJsonArray results;
    results.append(bound(u"CPU, percent of a core"_s, 100.0 * (after.cpu - before.cpu) / seconds, 0.1));
    results.append(bound(u"bytes written to the disk"_s, double(after.written - before.written), 0));
    results.append(bound(u"wake-ups a second"_s, double(after.wakeUps - before.wakeUps) / seconds, 2));
    results.append(bound(u"resident memory, MB"_s, after.residentMb, 80));
    for (auto file = filesAfter.begin(); file != filesAfter.end(); ++file) {
        if (filesBefore.value(file.key()) != file.value())
            QTextStream(stdout) << u"written: %1\n"_s.arg(QDir(folder.path()).relativeFilePath(file.key()));
    }
    if (QFile out(json); !json.isEmpty() && out.open(QIODevice::WriteOnly))
        out.write(QJsonDocument(results).toJson());
    const bool good = std::all_of(
        results.begin(), results.end(), [](const QJsonValue& r) { return r["met"_L1].toBool(); });
    return good ? 0 : 1;
}
