// The lab's pure parts: access order, OPATH, NTLM known answers, SPNEGO, envelopes, fragments, CLIXML,
// population.
#include <QTest>
#include <set>

#include "app/lab/auth/Ntlm.h"
#include "app/lab/auth/Spnego.h"
#include "app/lab/cmdlets/Binding.h"
#include "app/lab/cmdlets/Opath.h"
#include "app/lab/population/Population.h"
#include "app/lab/psrp/ClixmlIn.h"
#include "app/lab/psrp/ClixmlOut.h"
#include "app/lab/psrp/Fragments.h"
#include "app/lab/psrp/Message.h"
#include "app/lab/text/Text.h"
#include "app/lab/truth/AccessOrder.h"
#include "app/lab/wsman/Envelope.h"

using namespace postern;
using namespace postern::lab;
using namespace Qt::StringLiterals;

namespace {

std::string fromHex(const char* hex)
{
    return QByteArray::fromHex(hex).toStdString();
}

} // namespace

class LabPartsTest : public QObject
{
    Q_OBJECT
private slots:
    void accessOrder_data();
    void accessOrder();
    void opathMatches_data();
    void opathMatches();
    void opathRefuses_data();
    void opathRefuses();
    void md4();
    void ntlmKnownAnswer();
    void ntlmHostile();
    void spnegoAroundNtlm();
    void durations_data();
    void durations();
    void plainCommands_data();
    void plainCommands();
    void fragmentsBothWays_data();
    void fragmentsBothWays();
    void fragmentErrors();
    void clixmlRoundTrip_data();
    void clixmlRoundTrip();
    void clixmlRefuses_data();
    void clixmlRefuses();
    void base64IsStrict();
    void populationIsDeterministic();
    void populationLookups();
};

void LabPartsTest::accessOrder_data()
{
    QTest::addColumn<bool>("enabled");
    QTest::addColumn<bool>("policyMet");
    QTest::addColumn<bool>("blocked");
    QTest::addColumn<bool>("allowed");
    QTest::addColumn<QString>("ruleLevels"); // of rules that match, in the order they were made
    QTest::addColumn<QString>("defaultLevel");
    QTest::addColumn<int>("step");
    QTest::addColumn<QString>("access");
    QTest::addColumn<QString>("reason");
    QTest::newRow("EAS disabled comes first")
        << false << false << true << true << u"B"_s << u"Block"_s << 2 << u"Unknown"_s << u"Unknown"_s;
    QTest::newRow("policy beats a personal allow")
        << true << false << false << true << u""_s << u"Allow"_s << 3 << u"Blocked"_s << u"Policy"_s;
    QTest::newRow("blocked beats allowed")
        << true << true << true << true << u""_s << u"Allow"_s << 4 << u"Blocked"_s << u"Individual"_s;
    QTest::newRow("allowed beats a block rule")
        << true << true << false << true << u"B"_s << u"Block"_s << 5 << u"Allowed"_s << u"Individual"_s;
    QTest::newRow("block rule beats the others")
        << true << true << false << false << u"AQB"_s << u"Allow"_s << 6 << u"Blocked"_s << u"DeviceRule"_s;
    QTest::newRow("quarantine rule beats allow") << true << true << false << false << u"AQ"_s << u"Allow"_s
                                                 << 7 << u"Quarantined"_s << u"DeviceRule"_s;
    QTest::newRow("allow rule beats the default")
        << true << true << false << false << u"A"_s << u"Block"_s << 8 << u"Allowed"_s << u"DeviceRule"_s;
    QTest::newRow("default block") << true << true << false << false << u""_s << u"Block"_s << 9
                                   << u"Blocked"_s << u"Global"_s;
    QTest::newRow("default quarantine")
        << true << true << false << false << u""_s << u"Quarantine"_s << 9 << u"Quarantined"_s << u"Global"_s;
}

void LabPartsTest::accessOrder()
{
    QFETCH(bool, enabled);
    QFETCH(bool, policyMet);
    QFETCH(bool, blocked);
    QFETCH(bool, allowed);
    QFETCH(QString, ruleLevels);
    QFETCH(QString, defaultLevel);
    const std::vector<std::string> list{"APPL1"};
    std::vector<AccessRule> rules{{90, "other", Characteristic::DeviceModel, Level::Block, 0, 0}};
    std::uint32_t number = 1;
    for (const QChar level : ruleLevels)
        rules.push_back({number++, "IPHONE", Characteristic::DeviceType,
            level == u'A'       ? Level::Allow
                : level == u'B' ? Level::Block
                                : Level::Quarantine,
            0, 0});
    AccessQuestion question;
    question.easEnabled = enabled;
    question.policyMet = policyMet;
    question.deviceId = "appl1"; // lists and rules compare without case
    question.type = "iPhone";
    question.blockedIds = blocked ? &list : nullptr;
    question.allowedIds = allowed ? &list : nullptr;
    question.rules = &rules;
    question.defaultLevel = *levelFromText(defaultLevel.toStdString());
    const AccessAnswer answer = decideAccess(question);
    QTEST(answer.step, "step");
    QTEST(QString::fromStdString(std::string(text(answer.access))), "access");
    QTEST(QString::fromStdString(std::string(text(answer.reason))), "reason");
    QCOMPARE(answer.refused, answer.step <= 2);
    QCOMPARE(answer.rule.has_value(), answer.reason == Reason::DeviceRule);
}

void LabPartsTest::opathMatches_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char* filter, bool matches) {
        QTest::newRow(filter) << QString::fromUtf8(filter) << matches;
    };
    row("Name -eq 'o''brien'", true);
    row("Name -eq \"O'Brien\"", true);
    row("Name -like 'o*n'", true);
    row("Name -notlike 'x*'", true);
    row("Count -gt 9 -and Count -lt 11", true); // as numbers, not as text
    row("Flag -eq $true", true);
    row("Flag -ne $true", false);
    row("Missing -eq $null", true);
    row("Missing -ne $null", false);
    row("Name -ne $null", true);
    row("-not Name -eq 'x' -and Flag -eq $false", false);
    row("Name -eq 'x' -or Name -eq 'y' -or Flag -eq $true", true);
    row("Name -eq 'x' -or Flag -eq $true -and Count -eq 11", false); // and binds closer
    row("(Name -eq 'x' -or Flag -eq $true) -and Count -eq 10", true);
    row("When -ge '01/31/2024 12:00:00'", true);
    row("When -lt '2024-01-31'", false);
    row("List -eq 'b'", true);
    row("List -ne 'b'", false);
    row("List -like 'a*'", true);
}

void LabPartsTest::opathMatches()
{
    QFETCH(QString, filter);
    auto list = std::make_shared<Object>();
    list->container = Container::List;
    list->items = {Value(std::string("aa")), Value(std::string("b"))};
    Object object;
    object.properties = {{"Name", std::string("O'Brien")}, {"Count", std::int32_t(10)}, {"Flag", true},
        {"Missing", Nil{}}, {"When", DateTime{1706702400000, true}}, {"List", ObjectPtr(list)}};
    const auto parsed = OpathFilter::parse(filter.toStdString());
    QVERIFY2(parsed.has_value(), parsed ? "" : parsed.error().c_str());
    QTEST(parsed->matches(object), "matches");
}

void LabPartsTest::opathRefuses_data()
{
    QTest::addColumn<QString>("filter");
    for (const char* filter : {"", "Name", "Name -eq", "Name eq 'x'", "Name -is 'x'", "'x' -eq Name",
             "(Name -eq 'x'", "Name -eq 'x')", "Name -eq 'x' Name", "Name -eq 'x", "Name -eq $env"})
        QTest::newRow(filter) << QString::fromUtf8(filter);
    QTest::newRow("deep") << QString(200, u'(');
}

void LabPartsTest::opathRefuses()
{
    QFETCH(QString, filter);
    const auto parsed = OpathFilter::parse(filter.toStdString());
    QVERIFY(!parsed);
    QVERIFY(QString::fromStdString(parsed.error()).contains(u" at position "_s));
}

void LabPartsTest::md4()
{
    // [RFC 1320] A.5
    QCOMPARE(upperHex(ntlm::md4("")), std::string("31D6CFE0D16AE931B73C59D7E0C089C0"));
    QCOMPARE(upperHex(ntlm::md4("abc")), std::string("A448017AAF21D8525FC10AE87AA6729D"));
    QCOMPARE(upperHex(ntlm::md4(
                 "12345678901234567890123456789012345678901234567890123456789012345678901234567890")),
        std::string("E33B4DDC9C38F2199C3E7B164FCC0536"));
}

namespace {

// [MS-NLMP] 4.2.4: User, Domain, Password; server challenge 0123456789abcdef, client challenge
// aaaaaaaaaaaaaaaa, time 0.
std::string specifiedResponse()
{
    const std::string names
        = fromHex("02000c0044006f006d00610069006e0001000c005300650072007600650072000000000000000000");
    const std::string temp = fromHex("0101000000000000"
                                     "0000000000000000"
                                     "aaaaaaaaaaaaaaaa"
                                     "00000000")
        + names;
    return fromHex("68cd0ab851e51c96aabc927bebef6a1c") + temp;
}

std::string authenticate(const std::string& response)
{
    const std::string domain = fromHex("44006f006d00610069006e00"), user = fromHex("5500730065007200");
    std::string head = fromHex("4e544c4d5353500003000000");
    size_t offset = 64;
    const auto field = [&](size_t length) {
        for (int i = 0; i < 2; ++i) {
            head += char(length & 0xff);
            head += char(length >> 8);
        }
        head += char(offset & 0xff);
        head += char(offset >> 8);
        head += std::string(2, '\0');
        offset += length;
    };
    field(0);
    field(response.size());
    field(domain.size());
    field(user.size());
    field(0);
    field(0);
    return head + std::string(4, '\0') + response + domain + user;
}

} // namespace

void LabPartsTest::ntlmKnownAnswer()
{
    QCOMPARE(upperHex(ntlm::ntowfv2("User", "Domain", "Password")),
        std::string("0C868A403BFD7A93A3001EF22EF02E3F"));
    const std::string message = authenticate(specifiedResponse());
    const auto name = ntlm::userOf(message);
    QVERIFY(name.has_value());
    QCOMPARE(name->qualified(), std::string("Domain\\User"));
    QVERIFY(ntlm::verifies(message, fromHex("0123456789abcdef"), "Password"));
    QVERIFY(!ntlm::verifies(message, fromHex("0123456789abcdef"), "password"));
    QVERIFY(!ntlm::verifies(message, fromHex("0123456789abcdee"), "Password"));
}

void LabPartsTest::ntlmHostile()
{
    QVERIFY(!ntlm::verifies(
        authenticate(std::string(24, 'x')), fromHex("0123456789abcdef"), "Password")); // NTLMv1
    const std::string good = authenticate(specifiedResponse());
    for (size_t cut = 0; cut < good.size(); ++cut)
        QVERIFY(
            !ntlm::verifies(std::string_view(good).substr(0, cut), fromHex("0123456789abcdef"), "Password"));
    for (size_t at = 12; at < 64; ++at) {
        std::string wild = good;
        wild[at] = '\xff';
        (void)ntlm::verifies(wild, fromHex("0123456789abcdef"),
            "Password"); // lengths and offsets that point anywhere: no crash
    }
    const auto challenge = ntlm::challengeFor(fromHex("4e544c4d535350000100000007820800"));
    QCOMPARE(challenge.message.substr(24, 8), challenge.serverChallenge);
    QVERIFY(ntlm::challengeFor(fromHex("4e544c4d535350000100000007820800")).serverChallenge
        != challenge.serverChallenge);
}

void LabPartsTest::spnegoAroundNtlm()
{
    const std::string type1 = fromHex("4e544c4d535350000100000007820800");
    const std::string answer = spnego::answer(type1, false);
    QCOMPARE(spnego::ntlmInside(answer).value_or("none"), type1);
    // A NegTokenInit as a client sends it: OID of SPNEGO, mechanism list with NTLM, mechToken.
    const std::string init
        = fromHex(
              "602c06062b0601050502a0223020a00e300c060a2b06010401823702020aa20e040c4e544c4d535350000100000")
        + "";
    QVERIFY(!spnego::ntlmInside(fromHex("60")));
    QVERIFY(!spnego::ntlmInside(init.substr(0, 20)));
    for (size_t cut = 0; cut < answer.size(); ++cut)
        QVERIFY(!spnego::ntlmInside(std::string_view(answer).substr(0, cut)));
    QVERIFY(spnego::answer({}, true) == fromHex("a1073005a0030a0100"));
}

void LabPartsTest::durations_data()
{
    QTest::addColumn<QString>("duration");
    QTest::addColumn<int>("ms"); // -1: refused
    QTest::newRow("seconds") << u"PT20S"_s << 20000;
    QTest::newRow("fraction") << u"PT60.000S"_s << 60000;
    QTest::newRow("minutes") << u"PT1M30.5S"_s << 90500;
    QTest::newRow("days") << u"P0DT0H0M1S"_s << 1000;
    QTest::newRow("negative") << u"PT-1S"_s << -1;
    QTest::newRow("no unit") << u"PT20"_s << -1;
    QTest::newRow("empty") << u"PT"_s << -1;
    QTest::newRow("text") << u"soon"_s << -1;
    QTest::newRow("huge") << u"PT99999999999S"_s << -1;
}

void LabPartsTest::durations()
{
    QFETCH(QString, duration);
    QTEST(durationMs(duration.toStdString()).value_or(-1), "ms");
}

void LabPartsTest::plainCommands_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<int>("arguments"); // -1: not a plain command
    QTest::newRow("bare") << u"Get-Mailbox"_s << 0;
    QTest::newRow("named") << u"Get-Mailbox -Identity 'O''Brien x' -ResultSize 5"_s << 2;
    QTest::newRow("switch") << u"Get-MobileDevice -ActiveSync -ResultSize Unlimited"_s << 2;
    QTest::newRow("positional") << u"Get-Mailbox anna"_s << 1;
    QTest::newRow("variable") << u"Get-Mailbox $x"_s << -1;
    QTest::newRow("pipe") << u"Get-Mailbox | Remove-Mailbox"_s << -1;
    QTest::newRow("two") << u"Get-Mailbox; Get-User"_s << -1;
    QTest::newRow("expression") << u"1+1"_s << -1;
    QTest::newRow("block") << u"Get-Mailbox { 1 }"_s << -1;
    QTest::newRow("open quote") << u"Get-Mailbox 'x"_s << -1;
}

void LabPartsTest::plainCommands()
{
    QFETCH(QString, script);
    const auto command = plainCommand(script.toStdString());
    QTEST(command ? int(command->arguments.size()) : -1, "arguments");
}

void LabPartsTest::fragmentsBothWays_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("maximum");
    QTest::newRow("empty") << 0 << 100;
    QTest::newRow("one") << 60 << 100;
    QTest::newRow("exact") << 79 << 100;
    QTest::newRow("one more") << 80 << 100;
    QTest::newRow("many") << 5000 << 100;
}

void LabPartsTest::fragmentsBothWays()
{
    QFETCH(int, size);
    QFETCH(int, maximum);
    const std::string message(size_t(size), 'm');
    FragmentReader reader;
    std::string all;
    for (const std::string& fragment : fragments(message, 7, size_t(maximum))) {
        QVERIFY(fragment.size() <= size_t(maximum));
        all += fragment;
    }
    const auto read = reader.feed(all);
    QVERIFY(read.has_value());
    QCOMPARE(read->size(), size_t(1));
    QCOMPARE(read->front(), message);
}

void LabPartsTest::fragmentErrors()
{
    const std::vector<std::string> parts = fragments(std::string(300, 'x'), 1, 100);
    const auto refused = [](std::initializer_list<std::string> pieces) {
        FragmentReader reader;
        for (const std::string& piece : pieces) {
            if (const auto fed = reader.feed(piece); !fed)
                return fed.error().detail;
        }
        return QString();
    };
    QVERIFY(refused({parts[0], parts[2]}).contains(u"gap"_s));
    QVERIFY(refused({parts[1]}).contains(u"without start"_s));
    QVERIFY(refused({parts[0], parts[0]}).contains(u"unfinished"_s));
    QVERIFY(refused({parts[0].substr(0, 15)}).contains(u"cut short at byte 0"_s));
    QVERIFY(refused({parts[0].substr(0, 60)}).contains(u"BlobLength"_s));
    std::string again;
    for (const std::string& part : parts)
        again += part;
    QVERIFY(refused({again, again}).contains(u"twice"_s));
    QVERIFY(refused({again}).isEmpty());
}

void LabPartsTest::clixmlRoundTrip_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("escaped");
    QTest::newRow("plain") << u"abc"_s << u"abc"_s;
    QTest::newRow("markup") << u"<a> & \"b\""_s << u"&lt;a&gt; &amp; &quot;b&quot;"_s;
    QTest::newRow("newline") << u"a\r\nb"_s << u"a_x000D__x000A_b"_s;
    QTest::newRow("escape of an escape") << u"_x0041_"_s << u"_x005F_x0041_"_s;
    QTest::newRow("lonely underscore") << u"a_b"_s << u"a_b"_s;
    QTest::newRow("astral") << u"😀"_s << u"_xD83D__xDE00_"_s;
    QTest::newRow("C1") << QString(QChar(0x85)) << u"_x0085_"_s;
    QTest::newRow("umlaut") << u"Äö"_s << u"Äö"_s;
}

void LabPartsTest::clixmlRoundTrip()
{
    QFETCH(QString, text);
    QFETCH(QString, escaped);
    const std::string xml = clixml(Value(text.toStdString()));
    QCOMPARE(QString::fromStdString(xml), u"<S>"_s + escaped + u"</S>"_s);
    const auto back = readClixml(xml);
    QVERIFY(back.has_value());
    QCOMPARE(QString::fromStdString(toText(*back)), text);
}

void LabPartsTest::clixmlRefuses_data()
{
    QTest::addColumn<QString>("xml");
    for (const char* xml : {"<S>x", "text", "<Odd>1</Odd>", "<Obj RefId=\"0\"><Ref RefId=\"9\"/></Obj>",
             "<I32>x</I32>", "<B>maybe</B>", "<S>a</S><S>b</S>", "<!DOCTYPE S [<!ENTITY e \"x\">]><S>&e;</S>",
             "<Obj RefId=\"0\"><MS><S>no name</S></MS></Obj>", "<BA>!</BA>", "<G>1</G>",
             "<Obj RefId=\"0\"><TNRef RefId=\"3\"/></Obj>"})
        QTest::newRow(xml) << QString::fromUtf8(xml);
    QString deep;
    for (int i = 0; i < 60; ++i)
        deep += u"<Obj><LST>"_s;
    QTest::newRow("deep") << deep;
}

void LabPartsTest::clixmlRefuses()
{
    QFETCH(QString, xml);
    const auto value = readClixml(xml.toStdString());
    QVERIFY(!value);
    QVERIFY(value.error().detail.contains(u" at offset "_s));
}

void LabPartsTest::base64IsStrict()
{
    for (const char* text : {"A", "AAA", "AA=A", "A===", "AAA*", "=AAA"})
        QVERIFY2(!fromBase64(text), text);
    QCOMPARE(fromBase64("YWI=").value_or("?"), std::string("ab"));
    QCOMPARE(fromBase64(" YW\r\nI= ").value_or("?"), std::string("ab"));
    QCOMPARE(fromBase64("").value_or("?"), std::string());
}

void LabPartsTest::populationIsDeterministic()
{
    const Population a({200, 1.4, 3, 1700000000000}), b({200, 1.4, 3, 1700000000000}),
        other({200, 1.4, 4, 1700000000000});
    QCOMPARE(a.phoneCount(), 280U);
    bool differs = false;
    std::set<std::string> aliases;
    std::set<Guid> guids;
    for (std::uint32_t i = 0; i < 200; ++i) {
        QCOMPARE(a.person(i).guid, b.person(i).guid);
        QCOMPARE(a.person(i).alias, b.person(i).alias);
        differs = differs || a.person(i).guid != other.person(i).guid;
        aliases.insert(a.person(i).alias);
        guids.insert(a.person(i).guid);
    }
    QVERIFY(differs);
    QCOMPARE(aliases.size(), size_t(200));
    QCOMPARE(guids.size(), size_t(200));
    for (std::uint32_t p = 0; p < a.phoneCount(); ++p) {
        QCOMPARE(a.phone(p).deviceId, b.phone(p).deviceId);
        QVERIFY(p >= a.firstPhoneOf(a.phone(p).owner)
            && p < a.firstPhoneOf(a.phone(p).owner) + a.phoneCountOf(a.phone(p).owner));
    }
    QCOMPARE(Population({70000, 1.43, 1, 0}).phoneCount(), 100100U);
}

void LabPartsTest::populationLookups()
{
    const Population people({7000, 1.2, 1, 1700000000000});
    std::set<std::string> aliases;
    for (std::uint32_t i = 0; i < people.userCount(); i += 97) {
        const Person p = people.person(i);
        for (const std::string& name : {p.alias, p.upn, p.smtp, p.canonical(), p.distinguishedName(),
                 p.guid.lower(), "CONTOSO\\" + p.alias, asciiLower(p.upn)})
            QCOMPARE(people.usersNamed(name), std::vector<std::uint32_t>{i});
    }
    for (std::uint32_t i = 0; i < people.userCount(); ++i)
        aliases.insert(people.person(i).alias);
    QCOMPARE(aliases.size(), size_t(people.userCount()));
    QCOMPARE(people.usersNamed("Maria Garcia").size(), size_t(2)); // ambiguous on purpose
    QVERIFY(people.usersNamed("").empty());
    for (std::uint32_t p = 0; p < people.phoneCount(); p += 101) {
        const PhoneFacts facts = people.phone(p);
        const auto same = people.phonesWithId(asciiLower(facts.deviceId));
        QVERIFY(std::find(same.begin(), same.end(), p) != same.end());
        QCOMPARE(people.phonesWithGuid(facts.guid), std::vector<std::uint32_t>{p});
    }
}

QTEST_APPLESS_MAIN(LabPartsTest)
#include "tst_lab_parts.moc"
