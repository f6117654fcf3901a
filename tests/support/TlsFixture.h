// A small HTTPS server whose answers and certificates a test chooses, with certificates made by openssl at
// test time. Counts connections and keeps what it received, also from handshakes that failed. Test's thread
// only.
#pragma once

#include <QSslCertificate>
#include <QSslServer>
#include <QSslSocket>
#include <QTemporaryDir>
#include <QUrl>
#include <functional>

namespace postern::test {

// Certificates for "localhost" of an authority of their own. Made once for all, they take a second.
class TestCertificates
{
public:
    // False when there is no openssl command.
    bool make();
    [[nodiscard]] QString path(const QString& name) const { return m_dir.filePath(name); }
    // "good", "expired", "wronghost", "selfsigned", "unknown" (of another authority)
    [[nodiscard]] QSslConfiguration server(const QString& kind) const;
    [[nodiscard]] QList<QSslCertificate> authority() const;

private:
    bool issue(const QString& name, const QString& authority, const QString& subjectName,
        const QStringList& validity);
    bool makeAuthority(const QString& name);
    QTemporaryDir m_dir;
};

class TlsFixture : public QObject
{
    Q_OBJECT
public:
    // What to do with one request: write to the socket, close it, abort it, or nothing (a hang).
    using Answer = std::function<void(QSslSocket* socket, const QByteArray& request)>;

    bool listen(const QSslConfiguration& tls);
    [[nodiscard]] QUrl url(const QString& path = QStringLiteral("/")) const;
    void setAnswer(Answer answer) { m_answer = std::move(answer); }
    [[nodiscard]] int connections() const { return m_connections; }
    [[nodiscard]] int requests() const { return m_requests; }
    [[nodiscard]] const QByteArray& received() const { return m_received; }

    static QByteArray http(int status, const QByteArray& body, const QByteArray& headers = {});

private:
    void accept();
    void read(QSslSocket* socket);
    QSslServer m_server;
    Answer m_answer;
    int m_connections = 0;
    int m_requests = 0;
    QByteArray m_received;
};

} // namespace postern::test
