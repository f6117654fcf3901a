// The store's part of anchors.md section 4: ratios against the C API and QPSQL, taken in one run.
//   bench_store [--rows 100000,1000000] [--json FILE]       with POSTERN_TEST_PG set also PostgreSQL
#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <cstdio>

#include "tests/benchmarks/store/BenchRows.h"

using namespace Qt::StringLiterals;

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Measures the store against the databases' own C libraries and QtSql."_s);
    parser.addHelpOption();
    parser.addOption({u"rows"_s, u"Sizes, comma-separated."_s, u"N,…"_s, u"100000,1000000"_s});
    parser.addOption({u"json"_s, u"Write the figures to FILE."_s, u"FILE"_s});
    parser.process(application);
    std::vector<int> sizes;
    for (const QString& size : parser.value(u"rows"_s).split(u','))
        sizes.push_back(size.toInt());
    if (std::any_of(sizes.begin(), sizes.end(), [](int size) { return size < 1000; })) {
        std::fputs("--rows: numbers from 1000, comma-separated\n", stderr);
        return 2;
    }
    postern::store::bench::Report report;
    const QTemporaryDir folder;
    postern::store::bench::benchSqlite(report, folder.path(), sizes);
    if (const QString server = qEnvironmentVariable("POSTERN_TEST_PG"); !server.isEmpty())
        postern::store::bench::benchPostgres(report, server, std::min(100'000, sizes.front()));
    if (!parser.isSet(u"json"_s))
        return 0;
    QFile file(parser.value(u"json"_s));
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(report.rows()).toJson()) < 0) {
        std::fprintf(stderr, "%s: %s\n", qPrintable(file.fileName()), qPrintable(file.errorString()));
        return 1;
    }
    return 0;
}
