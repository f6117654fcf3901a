// What a tenant's fields take and refuse, and what is said of permissions.
#include <QTemporaryDir>
#include <QTest>

#include "ui/cloud/TenantRules.h"
#include "ui/cloud/TenantTexts.h"

using namespace postern;
using namespace postern::cloud;
using namespace Qt::StringLiterals;

class tst_tenant_rules : public QObject
{
    Q_OBJECT
private slots:
    void tenantIds_data();
    void tenantIds();
    void clientIds_data();
    void clientIds();
    void addresses_data();
    void addresses();
    void secrets();
    void certificates_data();
    void certificates();
    void permissions();
    void missingOnesByName();
};

void tst_tenant_rules::tenantIds_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<bool>("app");
    QTest::addColumn<QString>("complaint"); // a part of it; empty: fine
    QTest::newRow("guid") << u"0f8fad5b-d9cb-469f-a165-70867728950e"_s << true << QString();
    QTest::newRow("domain") << u"contoso.onmicrosoft.com"_s << false << QString();
    QTest::newRow("short domain") << u"a.io"_s << false << QString();
    QTest::newRow("nothing") << QString() << false << u"Enter the tenant"_s;
    QTest::newRow("organizations, person") << u"organizations"_s << false << u"one tenant"_s;
    QTest::newRow("Common, app") << u"Common"_s << true << u"An app signs in to one tenant"_s;
    QTest::newRow("a path") << u"contoso.com/../x"_s << false << u"neither a tenant ID"_s;
    QTest::newRow("a URL") << u"https://contoso.com"_s << false << u"neither a tenant ID"_s;
    QTest::newRow("a host") << u"localhost"_s << false << u"neither a tenant ID"_s;
    QTest::newRow("zeros") << u"00000000-0000-0000-0000-000000000000"_s << false << u"neither a tenant ID"_s;
    QTest::newRow("braces") << u"{0f8fad5b-d9cb-469f-a165-70867728950e}"_s << false << u"neither"_s;
}

void tst_tenant_rules::tenantIds()
{
    QFETCH(QString, id);
    QFETCH(bool, app);
    QFETCH(QString, complaint);
    const QString said = tenantIdComplaint(id, app ? TenantSignIn::Secret : TenantSignIn::Browser);
    QCOMPARE(said.isEmpty(), complaint.isEmpty());
    QVERIFY2(said.contains(complaint), qPrintable(said));
}

void tst_tenant_rules::clientIds_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<bool>("ok");
    QTest::newRow("guid") << u"0f8fad5b-d9cb-469f-a165-70867728950e"_s << true;
    QTest::newRow("upper case") << u"0F8FAD5B-D9CB-469F-A165-70867728950E"_s << true;
    QTest::newRow("nothing") << QString() << false;
    QTest::newRow("too short") << u"0f8fad5b-d9cb-469f-a165"_s << false;
    QTest::newRow("a name") << u"Postern"_s << false;
}

void tst_tenant_rules::clientIds()
{
    QFETCH(QString, id);
    QTEST(clientIdComplaint(id).isEmpty(), "ok");
}

void tst_tenant_rules::addresses_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("ok");
    QTest::newRow("the cloud's own") << QString() << true;
    QTest::newRow("lab") << u"https://127.0.0.1:44301/entra"_s << true;
    QTest::newRow("plain text") << u"http://login.contoso.com"_s << false;
    QTest::newRow("no scheme") << u"login.contoso.com"_s << false;
    QTest::newRow("a user in it") << u"https://me:secret@login.contoso.com"_s << false;
    QTest::newRow("a query") << u"https://login.contoso.com/?a=b"_s << false;
    QTest::newRow("another scheme") << u"file:///etc/passwd"_s << false;
}

void tst_tenant_rules::addresses()
{
    QFETCH(QString, address);
    QTEST(addressComplaint(address).isEmpty(), "ok");
}

void tst_tenant_rules::secrets()
{
    QVERIFY(secretComplaint(u"abc~DEF_123"_s).isEmpty());
    QVERIFY(!secretComplaint(QString()).isEmpty());
    QVERIFY(secretComplaint(u"0f8fad5b-d9cb-469f-a165-70867728950e"_s).contains(u"secret's ID"_s));
}

void tst_tenant_rules::certificates_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("complaint");
    const QByteArray certificate = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n";
    QTest::newRow("both") << QByteArray(certificate + "-----BEGIN PRIVATE KEY-----\nMII\n") << QString();
    QTest::newRow("RSA key") << QByteArray("-----BEGIN RSA PRIVATE KEY-----\n" + certificate) << QString();
    QTest::newRow("no key") << certificate << u"no private key"_s;
    QTest::newRow("no certificate") << QByteArray("-----BEGIN PRIVATE KEY-----\n") << u"no certificate"_s;
    QTest::newRow("pass phrase") << QByteArray(certificate + "-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
                                 << u"pass phrase"_s;
    QTest::newRow("PFX") << QByteArray("\x30\x82\x00\x01", 4) << u"no certificate"_s;
    QTest::newRow("huge") << QByteArray(300'000, 'x') << u"too large"_s;
}

void tst_tenant_rules::certificates()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, complaint);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"app.pem"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    file.close();
    const auto pem = readCertificate(path);
    QCOMPARE(pem.has_value(), complaint.isEmpty());
    if (pem) {
        QCOMPARE(*pem, QString::fromLatin1(content));
        return;
    }
    QVERIFY2(pem.error().detail.contains(complaint), qPrintable(pem.error().detail));
    QCOMPARE(pem.error().origin, path);
    QVERIFY(!readCertificate(folder.filePath(u"nowhere.pem"_s)));
}

void tst_tenant_rules::permissions()
{
    Tenant tenant;
    QVERIFY(permissionSentence({}).isEmpty());
    QVERIFY(permissionFacts(tenant).front().name.contains(u"Not checked yet"_s));
    tenant.permissions = {{u"A"_s, true, true, {}}, {u"B"_s, false, false, u"B is lost."_s},
        {u"C"_s, false, true, u"All is lost."_s}};
    QCOMPARE(permissionSentence(tenant.permissions), u"2 permission(s) of 3 are missing."_s);
    const auto facts = permissionFacts(tenant);
    QCOMPARE(facts[1].name, u"B"_s); // missing ones first
    QCOMPARE(facts[1].tone, widgets::Tone::Warning);
    QCOMPARE(facts[2].value, u"Missing. All is lost."_s);
    QCOMPARE(facts[2].tone, widgets::Tone::Bad);
    QCOMPARE(facts[3].value, u"Granted"_s);
}

void tst_tenant_rules::missingOnesByName()
{
    using O = CheckResult::Outcome;
    const std::vector<CheckResult> lines{{u"CON-39"_s, u"Mail.Send"_s, O::Fail, u"lost"_s, false},
        {u"CON-39"_s, u"User.Read.All"_s, O::Fail, u"lost"_s, true},
        {u"CON-39"_s, u"Group.Read.All"_s, O::Pass, {}, true}, {u"CON-38"_s, u"Clock"_s, O::Fail, {}, true}};
    QCOMPARE(missingPermissions(lines), (QStringList{u"User.Read.All"_s, u"Mail.Send"_s}));
    QCOMPARE(stepOf(lines[0]).outcome, widgets::Step::Outcome::Warning); // not essential
    QCOMPARE(stepOf(lines[1]).outcome, widgets::Step::Outcome::Fail);
}

QTEST_MAIN(tst_tenant_rules)
#include "tst_tenant_rules.moc"
