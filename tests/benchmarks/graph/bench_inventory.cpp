// Every managed device of a lab's Intune, read and mapped, against a loop of curl over the same pages. Lab,
// client and curl share the machine: the ratio of one run is what counts.
//   bench_inventory [--users N] [--json FILE]
#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <cstdio>

#include "services/graph/DeviceMapper.h"
#include "tests/benchmarks/Report.h"
#include "tests/services/graph/LabTenant.h"

using namespace postern;
using namespace postern::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 600'000;

struct Inventory
{
    qint64 devices = 0, problems = 0;
    int pages = 0;
    std::optional<Error> error;
};

// Values are dropped page by page, as a sync does that has stored them.
QCoro::Task<Inventory> readAll(graph::PageReader<ManagedDevice>* reader)
{
    Inventory inventory;
    for (bool last = false; !last;) {
        const Expected<graph::Page<ManagedDevice>> page = co_await reader->next(std::stop_token());
        if (!page) {
            inventory.error = page.error();
            break;
        }
        ++inventory.pages;
        inventory.devices += qint64(page->items.size());
        inventory.problems += qint64(page->problems.size());
        last = page->last;
    }
    co_return inventory;
}

// The token stays out of the command line: curl reads it from a file that only we may read.
constexpr auto loop = R"(
url="$1"
while [ -n "$url" ]; do
    curl -sS --fail --compressed --cacert "$2" -H @"$3" -o "$4" "$url" || exit 1
    url=$(grep -o '"@odata.nextLink" *: *"[^"]*"' "$4" | sed 's/^[^:]*: *"//; s/"$//')
done
)";

struct CurlPeer
{
    QTemporaryDir place;
    QString url, authority;

    bool prepare(const LabFixture& lab, LabTenant& tenant)
    {
        auto task = runTask(tenant.tokens->accessToken({}));
        const Expected<QString>* token = task.wait(patience);
        if (!token || !*token || !place.isValid())
            return false;
        QFile headers(place.filePath(u"headers"_s));
        if (!headers.open(QIODevice::WriteOnly)
            || !headers.setPermissions(QFile::ReadOwner | QFile::WriteOwner))
            return false;
        headers.write("Authorization: Bearer " + (**token).toLatin1() + "\n");
        const QJsonObject cloud = lab.about().value("cloud"_L1).toObject();
        url = cloud.value("graphUrl"_L1).toString() + u"/v1.0/deviceManagement/managedDevices?$select="_s
            + graph::managedDeviceSelect();
        authority = lab.about().value("caFile"_L1).toString();
        return true;
    }
    bool run()
    {
        return QProcess::execute(u"bash"_s,
                   {u"-c"_s, QString::fromLatin1(loop), u"loop"_s, url, authority,
                       place.filePath(u"headers"_s), place.filePath(u"page"_s)})
            == 0;
    }
};

struct Best
{
    double ours = 1e9, peer = 1e9; // ms
    qint64 grown = 0; // bytes
    Inventory inventory;
};

bool measure(LabTenant& tenant, CurlPeer& curl, Best& best)
{
    QElapsedTimer timer;
    timer.start();
    if (!curl.run())
        return false;
    best.peer = std::min(best.peer, double(timer.elapsed()));
    const qint64 before = bench::residentBytes();
    timer.restart();
    auto reader = tenant.tenant->readManagedDevices();
    auto task = runTask(readAll(reader.get()));
    const Inventory* read = task.wait(patience);
    if (!read || read->error) {
        std::fprintf(stderr, "%s\n", read ? qPrintable(read->error->toLogText()) : "no end");
        return false;
    }
    best.ours = std::min(best.ours, double(timer.elapsed()));
    best.grown = std::max(best.grown, bench::residentBytes() - before);
    best.inventory = *read;
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addOptions(
        {{u"users"_s, u"People of the lab."_s, u"n"_s, u"20000"_s}, {u"json"_s, u"Results."_s, u"file"_s}});
    parser.addHelpOption();
    parser.process(app);
    LabFixture lab;
    if (!lab.start({u"--users"_s, parser.value(u"users"_s), u"--seed"_s, u"1"_s})) {
        std::fprintf(stderr, "%s\n", qPrintable(lab.reason()));
        return 1;
    }
    lab.post(u"cloud/settings"_s, {{u"pageSize"_s, 1000}, {u"throttling"_s, false}, {u"lagMs"_s, 0}});
    LabTenant tenant(lab, u"full"_s);
    CurlPeer curl;
    if (!curl.prepare(lab, tenant) || !curl.run()) { // and the lab has everything at hand
        std::fprintf(stderr, "curl could not read the lab\n");
        return 1;
    }
    Best best;
    for (int round = 0; round < 3; ++round) {
        if (!measure(tenant, curl, best))
            return 1;
    }
    const auto& [ours, peer, grown, inventory] = best;
    bench::Report report;
    report.figure(u"managed devices"_s, double(inventory.devices), u""_s);
    report.figure(u"pages"_s, inventory.pages, u""_s);
    report.figure(u"curl, pages to a file"_s, peer / 1e3, u"s"_s);
    report.figure(u"read and mapped"_s, ours / 1e3, u"s"_s);
    report.figure(u"memory grown meanwhile"_s, double(grown) / 1e6, u"MB"_s);
    report.goal(
        u"inventory against a loop of curl"_s, ours / peer, u"x"_s, bench::Report::Better::Lower, 1.2);
    const bool written = parser.value(u"json"_s).isEmpty() || report.write(parser.value(u"json"_s));
    return report.allMet() && written && inventory.problems == 0 ? 0 : 1;
}
