#include "tests/support/TlsFixture.h"

#include <QFile>
#include <QProcess>
#include <QSslKey>
#include <QStandardPaths>

namespace postern::test {

using namespace Qt::StringLiterals;

namespace {

bool openssl(const QStringList& arguments)
{
    QProcess process;
    process.start(u"openssl"_s, arguments);
    return process.waitForFinished(20'000) && process.exitStatus() == QProcess::NormalExit
        && process.exitCode() == 0;
}

bool writeFile(const QString& path, const QByteArray& text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

// -not_before and the like came with OpenSSL 3.4; `ca -startdate` works with all.
constexpr char kCaConfig[] = R"([ca]
default_ca=d
[d]
database=%1/index
serial=%1/serial
new_certs_dir=%1
default_md=sha256
policy=p
copy_extensions=copy
unique_subject=no
[p]
commonName=supplied
)";

} // namespace

bool TestCertificates::makeAuthority(const QString& name)
{
    return openssl({u"req"_s, u"-x509"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:P-256"_s,
        u"-nodes"_s, u"-keyout"_s, path(name + u".key"_s), u"-out"_s, path(name + u".pem"_s), u"-days"_s,
        u"30"_s, u"-subj"_s, u"/CN="_s + name});
}

bool TestCertificates::issue(
    const QString& name, const QString& authority, const QString& subjectName, const QStringList& validity)
{
    return openssl({u"req"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:P-256"_s, u"-nodes"_s,
               u"-keyout"_s, path(name + u".key"_s), u"-out"_s, path(name + u".csr"_s), u"-subj"_s,
               u"/CN="_s + subjectName, u"-addext"_s, u"subjectAltName=DNS:"_s + subjectName})
        && openssl(QStringList{u"ca"_s, u"-batch"_s, u"-config"_s, path(u"ca.conf"_s), u"-cert"_s,
                       path(authority + u".pem"_s), u"-keyfile"_s, path(authority + u".key"_s), u"-in"_s,
                       path(name + u".csr"_s), u"-out"_s, path(name + u".pem"_s), u"-notext"_s}
            + validity);
}

bool TestCertificates::make()
{
    if (QStandardPaths::findExecutable(u"openssl"_s).isEmpty())
        return false;
    const QStringList now{u"-days"_s, u"20"_s};
    const QStringList past{u"-startdate"_s, u"20200101000000Z"_s, u"-enddate"_s, u"20200201000000Z"_s};
    return writeFile(path(u"index"_s), {}) && writeFile(path(u"serial"_s), "1000")
        && writeFile(path(u"ca.conf"_s), QString::fromLatin1(kCaConfig).arg(m_dir.path()).toUtf8())
        && makeAuthority(u"ca"_s) && makeAuthority(u"otherca"_s)
        && issue(u"good"_s, u"ca"_s, u"localhost"_s, now)
        && issue(u"expired"_s, u"ca"_s, u"localhost"_s, past)
        && issue(u"wronghost"_s, u"ca"_s, u"elsewhere.example"_s, now)
        && issue(u"unknown"_s, u"otherca"_s, u"localhost"_s, now) && makeAuthority(u"selfsigned"_s);
}

QList<QSslCertificate> TestCertificates::authority() const
{
    return QSslCertificate::fromPath(path(u"ca.pem"_s));
}

QSslConfiguration TestCertificates::server(const QString& kind) const
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    QFile key(path(kind + u".key"_s));
    if (key.open(QIODevice::ReadOnly))
        tls.setPrivateKey(QSslKey(&key, QSsl::Ec));
    tls.setLocalCertificate(QSslCertificate::fromPath(path(kind + u".pem"_s)).value(0));
    tls.setPeerVerifyMode(
        QSslSocket::QueryPeer); // asks for a client certificate, as IIS with SslNegotiateCert may
    return tls;
}

bool TlsFixture::listen(const QSslConfiguration& tls)
{
    m_server.setSslConfiguration(tls);
    connect(&m_server, &QSslServer::pendingConnectionAvailable, this, &TlsFixture::accept);
    connect(&m_server, &QSslServer::startedEncryptionHandshake, this, [this] { ++m_connections; });
    return m_server.listen(QHostAddress::LocalHost);
}

QUrl TlsFixture::url(const QString& path) const
{
    return QUrl(u"https://localhost:%1%2"_s.arg(m_server.serverPort()).arg(path));
}

void TlsFixture::accept()
{
    while (auto* socket = qobject_cast<QSslSocket*>(m_server.nextPendingConnection())) {
        connect(socket, &QSslSocket::readyRead, this, [this, socket] { read(socket); });
        connect(socket, &QSslSocket::disconnected, socket, &QObject::deleteLater);
        read(socket);
    }
}

void TlsFixture::read(QSslSocket* socket)
{
    const QByteArray bytes = socket->readAll();
    m_received += bytes;
    QByteArray pending = socket->property("pending").toByteArray() + bytes;
    const qsizetype end = pending.indexOf("\r\n\r\n");
    if (end >= 0) {
        qsizetype length = 0;
        for (const QByteArray& line : pending.left(end).split('\n')) {
            if (line.toLower().startsWith("content-length:"))
                length = line.mid(15).trimmed().toLongLong();
        }
        if (pending.size() >= end + 4 + length) {
            const QByteArray request = pending.left(end + 4 + length);
            pending = pending.mid(end + 4 + length);
            ++m_requests;
            if (m_answer)
                m_answer(socket, request);
        }
    }
    socket->setProperty("pending", pending);
}

QByteArray TlsFixture::http(int status, const QByteArray& body, const QByteArray& headers)
{
    return "HTTP/1.1 " + QByteArray::number(status)
        + " X\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + headers + "\r\n" + body;
}

} // namespace postern::test
