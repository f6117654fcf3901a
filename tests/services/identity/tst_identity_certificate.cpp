// Client assertions, with the openssl command as an independent judge of keys, signatures and thumbprints.
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "services/identity/ClientCertificate.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::identity;

namespace {

const QUrl audience(QStringLiteral(
    "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/v2.0/token"));

QByteArray fromBase64url(const QByteArray& text)
{
    return QByteArray::fromBase64(text, QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace

class TestCertificate : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void theJudgeAcceptsTheSignature();
    void theJudgeRefusesAnotherText();
    void headerAndClaims();
    void eachAssertionIsItsOwn();
    void orderDoesNotMatter();
    void chainsAreSkipped();
    void badPem_data();
    void badPem();
    void dates();

private:
    [[nodiscard]] QString path(const QString& name) const { return m_dir.filePath(name); }
    [[nodiscard]] QByteArray file(const QString& name) const;
    bool write(const QString& name, const QByteArray& bytes) const;
    QByteArray openssl(const QStringList& arguments) const;
    bool makePair(const QString& name, const QStringList& key);
    [[nodiscard]] QByteArray verdict(const QByteArray& text, const QByteArray& signature) const;
    [[nodiscard]] QByteArray good() const { return file(u"rsa.key"_s) + file(u"rsa.pem"_s); }

    QTemporaryDir m_dir;
};

QByteArray TestCertificate::file(const QString& name) const
{
    QFile from(path(name));
    return from.open(QIODevice::ReadOnly) ? from.readAll() : QByteArray();
}

bool TestCertificate::write(const QString& name, const QByteArray& bytes) const
{
    QFile to(path(name));
    return to.open(QIODevice::WriteOnly) && to.write(bytes) == bytes.size();
}

// What it printed; its exit status is not looked at, because a refused signature is one.
QByteArray TestCertificate::openssl(const QStringList& arguments) const
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(u"openssl"_s, arguments);
    return process.waitForFinished(60'000) ? process.readAll() : QByteArray();
}

bool TestCertificate::makePair(const QString& name, const QStringList& key)
{
    openssl(QStringList{u"req"_s, u"-x509"_s, u"-nodes"_s, u"-days"_s, u"30"_s, u"-subj"_s, u"/CN="_s + name,
                u"-keyout"_s, path(name + u".key"_s), u"-out"_s, path(name + u".pem"_s)}
        + key);
    return !file(name + u".key"_s).isEmpty() && !file(name + u".pem"_s).isEmpty();
}

void TestCertificate::initTestCase()
{
    if (QStandardPaths::findExecutable(u"openssl"_s).isEmpty())
        QSKIP("there is no openssl command to make certificates with");
    QVERIFY(makePair(u"rsa"_s, {u"-newkey"_s, u"rsa:2048"_s}));
    QVERIFY(makePair(u"other"_s, {u"-newkey"_s, u"rsa:2048"_s}));
    QVERIFY(makePair(u"small"_s, {u"-newkey"_s, u"rsa:1024"_s}));
    QVERIFY(makePair(u"ec"_s, {u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:P-256"_s}));
    openssl({u"pkcs8"_s, u"-topk8"_s, u"-in"_s, path(u"rsa.key"_s), u"-out"_s, path(u"locked.key"_s),
        u"-passout"_s, u"pass:secret"_s});
    openssl(
        {u"rsa"_s, u"-in"_s, path(u"rsa.key"_s), u"-out"_s, path(u"traditional.key"_s), u"-traditional"_s});
    QVERIFY(file(u"locked.key"_s).contains("ENCRYPTED"));
    QVERIFY(file(u"traditional.key"_s).contains("BEGIN RSA PRIVATE KEY"));
    openssl(
        {u"x509"_s, u"-in"_s, path(u"rsa.pem"_s), u"-pubkey"_s, u"-noout"_s, u"-out"_s, path(u"rsa.pub"_s)});
    write(u"rsa.pub"_s, openssl({u"x509"_s, u"-in"_s, path(u"rsa.pem"_s), u"-pubkey"_s, u"-noout"_s}));
    QVERIFY(file(u"rsa.pub"_s).contains("PUBLIC KEY"));
}

QByteArray TestCertificate::verdict(const QByteArray& text, const QByteArray& signature) const
{
    write(u"text"_s, text);
    write(u"signature"_s, signature);
    // The salt's length is part of PS256: 32, and no other.
    return openssl({u"dgst"_s, u"-sha256"_s, u"-sigopt"_s, u"rsa_padding_mode:pss"_s, u"-sigopt"_s,
        u"rsa_pss_saltlen:32"_s, u"-sigopt"_s, u"rsa_mgf1_md:sha256"_s, u"-verify"_s, path(u"rsa.pub"_s),
        u"-signature"_s, path(u"signature"_s), path(u"text"_s)});
}

void TestCertificate::theJudgeAcceptsTheSignature()
{
    const auto certificate = ClientCertificate::fromPem(good());
    QVERIFY2(certificate, certificate ? "" : qPrintable(certificate.error().toLogText()));
    const auto assertion = certificate->assertion(u"client"_s, audience, QDateTime::currentDateTimeUtc());
    QVERIFY(assertion);
    const qsizetype dot = assertion->lastIndexOf('.');
    const QByteArray said = verdict(assertion->first(dot), fromBase64url(assertion->sliced(dot + 1)));
    QVERIFY2(said.contains("Verified OK"), said.constData());
}

void TestCertificate::theJudgeRefusesAnotherText()
{
    const auto certificate = ClientCertificate::fromPem(good());
    const auto assertion = certificate->assertion(u"client"_s, audience, QDateTime::currentDateTimeUtc());
    const qsizetype dot = assertion->lastIndexOf('.');
    const QByteArray said = verdict(assertion->first(dot) + 'x', fromBase64url(assertion->sliced(dot + 1)));
    QVERIFY2(!said.contains("Verified OK"), "the judge judges");
}

void TestCertificate::headerAndClaims()
{
    const QDateTime now = QDateTime::fromString(u"2026-03-01T12:00:00Z"_s, Qt::ISODate);
    const auto certificate = ClientCertificate::fromPem(good());
    const auto assertion = certificate->assertion(u"our-client"_s, audience, now);
    QVERIFY(assertion);
    const QByteArrayList parts = assertion->split('.');
    QCOMPARE(parts.size(), 3);
    QVERIFY(!assertion->contains('=') && !assertion->contains('+') && !assertion->contains('/'));

    const QJsonObject header = QJsonDocument::fromJson(fromBase64url(parts.at(0))).object();
    QCOMPARE(header.value("alg"_L1).toString(), u"PS256"_s);
    QCOMPARE(header.value("typ"_L1).toString(), u"JWT"_s);
    QCOMPARE(header.size(), 3);
    QByteArray printed
        = openssl({u"x509"_s, u"-in"_s, path(u"rsa.pem"_s), u"-noout"_s, u"-fingerprint"_s, u"-sha256"_s});
    printed = printed.sliced(printed.indexOf('=') + 1).trimmed().replace(':', "").toLower();
    QCOMPARE(printed.size(), 64);
    QCOMPARE(fromBase64url(header.value("x5t#S256"_L1).toString().toLatin1()).toHex(), printed);
    QCOMPARE(fromBase64url(certificate->thumbprint()).toHex(), printed);

    const QJsonObject claims = QJsonDocument::fromJson(fromBase64url(parts.at(1))).object();
    QCOMPARE(claims.value("aud"_L1).toString(), audience.toString());
    QCOMPARE(claims.value("iss"_L1).toString(), u"our-client"_s);
    QCOMPARE(claims.value("sub"_L1).toString(), u"our-client"_s);
    QVERIFY(!QUuid::fromString(claims.value("jti"_L1).toString()).isNull());
    QCOMPARE(claims.value("nbf"_L1).toInteger(), now.toSecsSinceEpoch());
    QCOMPARE(claims.value("iat"_L1).toInteger(), now.toSecsSinceEpoch());
    QCOMPARE(claims.value("exp"_L1).toInteger(), now.toSecsSinceEpoch() + 300);
}

void TestCertificate::eachAssertionIsItsOwn()
{
    const auto certificate = ClientCertificate::fromPem(good());
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const auto one = certificate->assertion(u"c"_s, audience, now);
    const auto two = certificate->assertion(u"c"_s, audience, now);
    QVERIFY(one->split('.').at(1) != two->split('.').at(1)); // jti
    QVERIFY(one->split('.').at(2) != two->split('.').at(2));
}

void TestCertificate::orderDoesNotMatter()
{
    QVERIFY(ClientCertificate::fromPem(file(u"rsa.pem"_s) + file(u"rsa.key"_s)));
    QVERIFY(ClientCertificate::fromPem("Bag Attributes\n  x: y\n" + good() + "\ntrailing words\n"));
    QVERIFY(ClientCertificate::fromPem(file(u"traditional.key"_s) + file(u"rsa.pem"_s)));
    QVERIFY(ClientCertificate::fromPem(good().replace("\n", "\r\n")));
}

void TestCertificate::chainsAreSkipped()
{
    const auto certificate = ClientCertificate::fromPem(
        file(u"other.pem"_s) + file(u"ec.pem"_s) + good() + file(u"small.pem"_s));
    QVERIFY(certificate);
    QCOMPARE(certificate->certificate().subjectInfo(QSslCertificate::CommonName), QStringList(u"rsa"_s));
}

void TestCertificate::badPem_data()
{
    QTest::addColumn<QByteArray>("pem");
    QTest::addColumn<QString>("complaint");
    const QByteArray key = file(u"rsa.key"_s);
    const QByteArray pem = file(u"rsa.pem"_s);
    QTest::newRow("empty") << QByteArray() << u"no readable private key"_s;
    QTest::newRow("words") << "not a certificate"_ba << u"no readable private key"_s;
    QTest::newRow("only the certificate") << pem << u"no readable private key"_s;
    QTest::newRow("only the key") << key << u"no readable certificate"_s;
    QTest::newRow("cut key") << pem + key.first(key.size() / 2) << u"no readable private key"_s;
    QTest::newRow("cut certificate") << key + pem.first(pem.size() / 2) << u"no readable certificate"_s;
    QTest::newRow("another's certificate") << key + file(u"other.pem"_s) << u"does not belong"_s;
    QTest::newRow("pass phrase") << file(u"locked.key"_s) + pem << u"pass phrase"_s;
    QTest::newRow("elliptic curve") << file(u"ec.key"_s) + file(u"ec.pem"_s) << u"no RSA key"_s;
    QTest::newRow("too short") << file(u"small.key"_s) + file(u"small.pem"_s) << u"1024 bits"_s;
    QTest::newRow("DER") << QByteArray(2'000, '\x30') << u"no readable private key"_s;
    QTest::newRow("huge") << QByteArray(300'000, 'A') << u"256 KiB"_s;
}

void TestCertificate::badPem()
{
    QFETCH(QByteArray, pem);
    QFETCH(QString, complaint);
    const auto certificate = ClientCertificate::fromPem(pem);
    QVERIFY(!certificate);
    QVERIFY2(certificate.error().detail.contains(complaint), qPrintable(certificate.error().detail));
    QVERIFY(!certificate.error().toLogText().contains(u"MII"));
}

void TestCertificate::dates()
{
    const auto certificate = ClientCertificate::fromPem(good());
    const QDateTime now = QDateTime::currentDateTimeUtc();
    QVERIFY(certificate->checkDates(now.addSecs(60)));
    const auto late = certificate->checkDates(now.addDays(31));
    QVERIFY(!late);
    QCOMPARE(late.error().code, ErrorCode::InvalidInput);
    QVERIFY(late.error().detail.startsWith(u"the certificate expired on 20"));
    const auto early = certificate->checkDates(now.addDays(-2));
    QVERIFY(!early);
    QVERIFY(early.error().detail.startsWith(u"the certificate is not valid before 20"));
}

QTEST_GUILESS_MAIN(TestCertificate)
#include "tst_identity_certificate.moc"
