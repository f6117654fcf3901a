// The grid's part of anchors.md section 4 (goals 16, 17, 24, 27): frames against QSortFilterProxyModel on the
// same rows and against memmem over the same bytes, and what a delta costs the GUI thread. Ratios of one run.
//   bench_frame [--rows 100000,1000000] [--json FILE]
#include <QApplication>
#include <QCommandLineParser>
#include <QTableView>
#include <cstdio>
#include <cstring>
#include <map>

#include "models/frame/DeviceFrameBuilder.h"
#include "models/frame/Filter.h"
#include "models/frame/RankCell.h"
#include "models/frame/Sort.h"
#include "models/items/DeviceTableModel.h"
#include "tests/benchmarks/Report.h"
#include "tests/benchmarks/frame/ProxyPeer.h"
#include "tests/support/DeviceFactory.h"
#include "ui/grid/GridView.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::bench;
using frame::DeviceColumn;
using Better = Report::Better;
using Frame = std::shared_ptr<const frame::DeviceFrame>;

namespace {

// What growth from one size to the next is judged by.
using Figures = std::map<QString, double>;

QString of(const QString& what, qint64 rows)
{
    return u"%1, %2 rows"_s.arg(what, QLocale::c().toString(rows));
}

Frame load(qint64 rows, Report& report, Figures& figures)
{
    const qint64 before = residentBytes();
    frame::DeviceFrameBuilder builder;
    double applying = 0;
    for (qint64 n = 1; n <= rows; n += 1000) {
        std::vector<test::DeviceFactory> some;
        for (qint64 i = n; i < n + 1000 && i <= rows; ++i)
            some.push_back(test::organisationDevice(i));
        applying += fastest(1, [&] {
            for (const auto& device : some)
                builder.apply(device.row());
        });
    }
    Frame frame;
    applying += fastest(1, [&] { frame = builder.publish(); });
    const double perDevice = double(residentBytes() - before) / double(rows);
    report.figure(of(u"load"_s, rows), applying, u"ms"_s);
    report.goal(of(u"memory by RSS growth"_s, rows), perDevice, u"B/device"_s, Better::Lower, 250);
    report.figure(of(u"memory by count"_s, rows), double(frame->memoryBytes()) / double(rows), u"B/device"_s);
    figures[u"load time"_s] = applying;
    figures[u"memory"_s] = perDevice * double(rows);
    return frame;
}

// The bytes that quick search has to look at, as memmem would: one arena, folded beforehand.
double memmemTime(const Frame& frame, const QString& text)
{
    std::string arena;
    std::string scratch;
    for (const DeviceColumn column : frame::quickSearchColumns()) {
        for (frame::RowIndex row = 0; row < frame->rowCount(); ++row) {
            const auto cell = frame->utf8(row, column, scratch);
            arena.append(cell).push_back('\n');
        }
    }
    const std::string needle = text.toUtf8().toStdString();
    std::size_t hits = 0;
    return fastest(5, [&] {
        const char* at = arena.data();
        const char* const end = at + arena.size();
        while (const void* hit = memmem(at, std::size_t(end - at), needle.data(), needle.size())) {
            ++hits;
            at = static_cast<const char*>(
                     std::memchr(hit, '\n', std::size_t(end - static_cast<const char*>(hit))))
                + 1;
        }
    });
}

void benchFilter(const Frame& frame, PlainModel& peer, Report& report, Figures& figures)
{
    const qint64 rows = frame->rowCount();
    const bool large = rows >= 1'000'000;
    for (const QString& text : {u"fischer"_s, u"iphone"_s, u"a"_s, u"nowhere"_s, u"_ipad"_s}) {
        frame::RowVector found;
        const double ours
            = fastest(7, [&] { found = frame::filterRows(*frame, text, frame::quickSearchColumns()); });
        int matches = 0;
        const double theirs = proxyFilter(peer, text, &matches);
        if (std::size_t(matches) != found.size())
            std::printf("'%s': %zu found, the proxy found %d\n", qPrintable(text), found.size(), matches);
        const QString what
            = of(u"filter '%1' (%2 %)"_s.arg(text).arg(double(found.size()) * 100 / double(rows), 0, 'f', 1),
                rows);
        report.goal(what + u", times QSortFilterProxyModel"_s, theirs / ours, u"x"_s, Better::Higher, 50);
        if (large)
            report.goal(what, ours, u"ms"_s, Better::Lower, 50);
        if (text == "fischer"_L1) {
            report.goal(what + u", times memmem over the arena"_s, ours / memmemTime(frame, text), u"x"_s,
                Better::Lower, 3);
            figures[u"filter time"_s] = ours;
        }
    }
    const double everything
        = fastest(5, [&] { (void)frame::filterRows(*frame, u"fischer", frame::textColumns()); });
    report.figure(of(u"filter 'fischer' over all 24 text columns"_s, rows), everything, u"ms"_s);
    const auto criteria = frame::Criteria::parse(
        u"exchangeAccessState = Blocked or Quarantined and lastSuccessSyncTime before 2026-11-01");
    const double where = fastest(5, [&] { (void)frame::filterRows(*frame, *criteria, 0); });
    report.figure(of(u"criteria on a state and a time"_s, rows), where, u"ms"_s);
}

void benchSort(const Frame& frame, PlainModel& peer, Report& report, Figures& figures)
{
    const qint64 rows = frame->rowCount();
    const bool large = rows >= 1'000'000;
    const auto sort = [&](DeviceColumn column, int runs) {
        return fastest(runs, [&] {
            (void)frame::sortRows(*frame, frame::allRows(*frame), {{column, Qt::AscendingOrder}});
        });
    };
    const double text = sort(DeviceColumn::Name, 1); // the first: ranks are worked out
    report.goal(of(u"sort by name, times QSortFilterProxyModel"_s, rows), proxySort(peer, 0) / text, u"x"_s,
        Better::Higher, 15);
    const double user = sort(DeviceColumn::UserName, 1);
    report.goal(of(u"sort by user (ties), times QSortFilterProxyModel"_s, rows), proxySort(peer, 1) / user,
        u"x"_s, Better::Higher, 15);
    report.figure(of(u"sort by name again (ranks kept)"_s, rows), sort(DeviceColumn::Name, 5), u"ms"_s);
    const double number = sort(DeviceColumn::LastSyncAttempt, 3);
    report.goal(of(u"sort by time, times QSortFilterProxyModel"_s, rows),
        proxySort(peer, peer.timeColumn()) / number, u"x"_s, Better::Higher, 50);
    if (large) {
        report.goal(of(u"sort by name"_s, rows), text, u"ms"_s, Better::Lower, 500);
        report.goal(of(u"sort by user (ties)"_s, rows), user, u"ms"_s, Better::Lower, 500);
        report.goal(of(u"sort by time"_s, rows), number, u"ms"_s, Better::Lower, 100);
    }
    report.figure(of(u"sort by Exchange identity"_s, rows), sort(DeviceColumn::DeviceIdentity, 1), u"ms"_s);
    figures[u"sort by name time"_s] = text;
    figures[u"sort by time time"_s] = number;
}

enum class Delta { Changed, Added, Resorted };

// A delta of a thousand devices, in a shown grid: off the GUI thread (publish, compare) and on it (install,
// paint).
void benchDelta(qint64 rows, Delta kind, const QString& what, Report& report)
{
    frame::DeviceFrameBuilder builder;
    for (qint64 n = 1; n <= rows; ++n)
        builder.apply(test::organisationDevice(n * 2).row());
    items::DeviceTableModel model;
    grid::GridView grid(u"Devices"_s);
    grid.setTable(&model);
    grid.setColumnVisible(int(DeviceColumn::AccessState), true);
    grid.setColumnVisible(int(DeviceColumn::LastSuccessSync), true);
    items::DeviceQuery query;
    if (kind == Delta::Resorted)
        query.sort = {{DeviceColumn::LastSuccessSync, Qt::DescendingOrder}};
    model.install(items::deviceViewChange(model.view(), items::deviceView(builder.publish(), query, 0)));
    grid.resize(1280, 800);
    grid.show();
    QApplication::processEvents();
    grid.selectKeys({2000, 4000}, 2000);
    double publish = 0;
    double compare = 0;
    double install = 0;
    constexpr int rounds = 7;
    for (int round = 0; round < rounds; ++round) {
        for (qint64 i = 0; i < 1000; ++i) {
            const qint64 id = 2 * (1 + (i * 89 + round * 17) % rows);
            // A device that synchronised and perhaps changed its state, or one that came between others.
            const bool isNew = kind == Delta::Added;
            auto device = test::organisationDevice(isNew ? id - 1 : id);
            device.in(AccessState(round % 5)).lastSync({(i + round) * 1000});
            builder.apply(isNew && round % 2 == 1 ? device.gone().row() : device.row());
        }
        Frame next;
        items::DeviceViewChange change;
        publish = std::max(publish, fastest(1, [&] { next = builder.publish(); }));
        compare = std::max(compare, fastest(1, [&] {
            change = items::deviceViewChange(model.view(), items::deviceView(next, query, 0));
        }));
        const double spent = fastest(1, [&] {
            model.install(std::move(change));
            QApplication::processEvents();
        });
        install = std::max(install, spent);
    }
    report.figure(
        of(u"delta of 1,000, %1: publish, worst of %2"_s.arg(what).arg(rounds), rows), publish, u"ms"_s);
    report.figure(
        of(u"delta of 1,000, %1: compare, worst of %2"_s.arg(what).arg(rounds), rows), compare, u"ms"_s);
    const QString gui
        = of(u"delta of 1,000, %1: GUI thread with paint, worst of %2"_s.arg(what).arg(rounds), rows);
    if (rows <= 100'000)
        report.goal(gui, install, u"ms"_s, Better::Lower, 16);
    else
        report.figure(gui, install, u"ms"_s);
}

void growth(const std::vector<std::pair<qint64, Figures>>& sizes, Report& report)
{
    for (std::size_t i = 1; i < sizes.size(); ++i) {
        const double times = double(sizes[i].first) / double(sizes[i - 1].first);
        for (const auto& [what, value] : sizes[i].second) {
            const QString line = u"%1 grows with %2 times the rows"_s.arg(what).arg(times);
            if (what.startsWith("sort"_L1)) { // n log n, and out of the cache
                report.figure(line, value / sizes[i - 1].second.at(what), u"x"_s);
                continue;
            }
            const double allowed = (what == "memory"_L1 ? 1.05 : 1.1) * times;
            report.goal(line, value / sizes[i - 1].second.at(what), u"x"_s, Better::Lower, allowed);
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Measures device frames against QSortFilterProxyModel."_s);
    parser.addHelpOption();
    parser.addOption({u"rows"_s, u"Sizes, comma-separated."_s, u"N,…"_s, u"100000,1000000"_s});
    parser.addOption({u"json"_s, u"Write the figures to FILE."_s, u"FILE"_s});
    parser.process(application);
    Report report;
    std::vector<std::pair<qint64, Figures>> sizes;
    for (const QString& size : parser.value(u"rows"_s).split(u',')) {
        const qint64 rows = size.toLongLong();
        if (rows < 1000) {
            std::fputs("--rows: numbers from 1000, comma-separated\n", stderr);
            return 2;
        }
        Figures figures;
        const Frame frame = load(rows, report, figures);
        PlainModel peer(*frame);
        benchFilter(frame, peer, report, figures);
        benchSort(frame, peer, report, figures);
        sizes.emplace_back(rows, figures);
    }
    const qint64 deltaRows = std::min<qint64>(100'000, sizes.front().first);
    benchDelta(deltaRows, Delta::Changed, u"changed in place"_s, report);
    benchDelta(deltaRows, Delta::Added, u"added between"_s, report);
    benchDelta(deltaRows, Delta::Resorted, u"moved by the sort"_s, report);
    growth(sizes, report);
    if (parser.isSet(u"json"_s) && !report.write(parser.value(u"json"_s))) {
        std::fprintf(stderr, "%s cannot be written\n", qPrintable(parser.value(u"json"_s)));
        return 1;
    }
    return 0;
}
