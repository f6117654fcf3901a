// Decisions a second on one core, over a million partnerships as an estate has them (most compliant, some in
// every row): issue 7's goal is 5,000,000. The limit beside it is one pass over the same inputs.
//   bench_policy [--json FILE]
#include <QCommandLineParser>
#include <QCoreApplication>
#include <random>

#include "services/policy/Decision.h"
#include "tests/benchmarks/Report.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::policy;
using postern::bench::fastest;
using postern::bench::Report;

namespace {

constexpr int partnerships = 1'000'000;

std::vector<DecisionInputs> estate()
{
    std::mt19937 dice(1);
    std::vector<DecisionInputs> all(partnerships);
    for (DecisionInputs& in : all) {
        const unsigned roll = dice() % 100;
        in.policyOn = true;
        in.targeted = roll < 90;
        in.exempted = roll == 1;
        in.licensed = roll == 2 ? Known::No : Known::Yes;
        in.client = roll < 6 && roll > 2 ? ClientType::Outlook : ClientType::Eas;
        in.platform = DevicePlatform(dice() % 3);
        in.managed = roll < 16 && roll > 6 ? Known::No : Known::Yes;
        in.registered = roll == 17 ? Known::No : Known::Yes;
        in.activated = roll == 18 ? Known::No : Known::Yes;
        in.compliance = roll > 20 && roll < 30 ? Compliance::NonCompliant
            : roll == 31                       ? Compliance::InGracePeriod
            : roll == 32                       ? Compliance::Unknown
                                               : Compliance::Compliant;
        in.exchange.defaultLevel = AccessLevel::Quarantine;
        in.overrideDefault = true;
    }
    return all;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    QCommandLineParser line;
    line.addOption({u"json"_s, u"where the figures go"_s, u"file"_s});
    line.process(application);
    const std::vector<DecisionInputs> inputs = estate();
    Report report;
    unsigned blocked = 0;
    const double deciding = fastest(5, [&] {
        for (const DecisionInputs& in : inputs)
            blocked += decide(in).intent == Intent::Block;
    });
    unsigned sum = 0;
    const double reading = fastest(5, [&] {
        for (const DecisionInputs& in : inputs)
            sum += unsigned(in.managed) + unsigned(in.exchange.defaultLevel);
    });
    report.goal(
        u"decisions a second"_s, partnerships / deciding * 1000, u"/s"_s, Report::Better::Higher, 5'000'000);
    report.figure(u"deciding / reading the inputs once"_s, deciding / reading, u"times"_s);
    report.figure(u"blocked"_s, blocked / 5.0, u"of a million"_s);
    report.figure(u"bytes an input"_s, sizeof(DecisionInputs) + (sum == 1 ? 1 : 0), u"B"_s);
    const QString file = line.value(u"json"_s);
    return (file.isEmpty() || report.write(file)) && report.allMet() ? 0 : 1;
}
