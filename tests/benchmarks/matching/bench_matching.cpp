// Issue 5's figures of matching: 100,000 partnerships with 100,000 phones in under a second of CPU, and ten
// times as many in about ten times that. An estate as they are: nine in ten known by EAS id, the rest by
// IMEI, serial, or not at all.
//   bench_matching [--json FILE]
#include <QCommandLineParser>
#include <QCoreApplication>

#include "services/sync/matching/Matching.h"
#include "tests/benchmarks/Report.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::matching;
using postern::bench::fastest;
using postern::bench::Report;

namespace {

struct Estate
{
    std::vector<Identity> users, mailboxes;
    std::vector<PartnershipFacts> partnerships;
    std::vector<DeviceFacts> devices;
};

Estate make(int size)
{
    Estate estate;
    const int people = size * 7 / 10;
    for (int i = 0; i < people; ++i) {
        const QString name = u"user%1"_s.arg(i);
        const QString id = u"7d1a3c52-0000-4000-8000-%1"_s.arg(i, 12, 16, QChar(u'0'));
        estate.users.push_back({id, u"S-1-5-21-1004336348-%1"_s.arg(i),
            {u"SMTP:"_s + name + u"@contoso.lab"_s, u"smtp:"_s + name + u"@contoso.example"_s},
            name + u"@contoso.lab"_s});
        estate.mailboxes.push_back(
            {{}, {}, {u"SMTP:"_s + name + u"@contoso.lab"_s}, u"x"_s + name + u"@contoso.lab"_s});
    }
    for (int i = 0; i < size; ++i) {
        const QString serial = u"dnpx%1"_s.arg(i, 8, 36, QChar(u'0'));
        const QString imei
            = imeiKey(u"35%1"_s.arg(qint64(i) * 7919 % 10'000'000'000'000, 13, 10, QChar(u'0')));
        const PersonId owner{i % people};
        PartnershipFacts partnership{i, owner, u"appl"_s + serial, imei, u"iphone12c1"_s, Platform::Apple, i};
        DeviceFacts device{i, owner, i % 10 ? u"appl"_s + serial : QString(), i % 20 ? imei : QString(),
            i % 40 ? serial : QString(), u"iphone12c1"_s, Platform::Apple, i};
        estate.partnerships.push_back(partnership);
        estate.devices.push_back(device);
    }
    return estate;
}

double plainJoin(const Estate& estate)
{
    qint64 found = 0;
    const double time = fastest(3, [&] {
        QHash<QString, int> byId;
        byId.reserve(qsizetype(estate.devices.size()));
        for (int i = 0; i < int(estate.devices.size()); ++i)
            byId.insert(estate.devices[size_t(i)].easId, i);
        for (const PartnershipFacts& partnership : estate.partnerships)
            found += byId.value(partnership.easId, -1) >= 0;
    });
    return found > 0 ? time : 0;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    QCommandLineParser line;
    line.addOption({u"json"_s, u"where the figures go"_s, u"file"_s});
    line.process(application);
    Report report;
    double before = 0, joinBefore = 0;
    for (const int size : {100'000, 1'000'000}) {
        const Estate estate = make(size);
        const QString of = u"%1 x %1"_s.arg(QLocale::c().toString(size));
        qint64 linked = 0;
        const double people = fastest(3, [&] {
            People all;
            all.reserve(qsizetype(estate.users.size()));
            for (const Identity& user : estate.users)
                all.add(user);
            for (const Identity& mailbox : estate.mailboxes)
                linked += all.findOrAdd(mailbox).person.value >= 0;
        });
        const double matching = fastest(3, [&] {
            const Matches matches = match(estate.partnerships, estate.devices, {});
            linked += std::ranges::count_if(matches.links, [](const Link& link) { return link.device >= 0; });
        });
        const double join = plainJoin(estate);
        report.figure(u"who is who, "_s + of, people, u"ms of CPU"_s);
        report.figure(u"matching, "_s + of, matching, u"ms of CPU"_s);
        if (size == 100'000)
            report.goal(u"both, "_s + of, people + matching, u"ms of CPU"_s, Report::Better::Lower, 1'000);
        report.figure(u"matching / QHash by EAS id, "_s + of, matching / join, u"times"_s);
        report.figure(u"rows touched"_s, double(linked), {});
        if (before > 0)
            report.goal(u"growth for ten times the rows / QHash's"_s,
                (matching / before) / (join / joinBefore), u"times"_s, Report::Better::Lower, 1.3);
        before = matching;
        joinBefore = join;
    }
    const QString file = line.value(u"json"_s);
    return (file.isEmpty() || report.write(file)) && report.allMet() ? 0 : 1;
}
