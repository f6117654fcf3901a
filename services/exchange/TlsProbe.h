// Connects to a TLS end point and says what happened on the way: the name, the port, the certificate. Sends
// nothing after the handshake. Service thread. Errors: HostNotFound, ConnectionRefused, ConnectionLost,
// Timeout, Cancelled; a certificate that is refused is a fact, not an error.
#pragma once

#include <QCoroTask>
#include <QHostAddress>
#include <QSslCertificate>
#include <QSslError>
#include <chrono>
#include <stop_token>

#include "models/base/Error.h"

namespace postern::exchange {

struct TlsFacts
{
    QList<QSslCertificate> chain; // the server's first
    QList<QSslError> errors; // empty: trusted
    QString protocol; // "TLSv1.3"
    bool handshakeDone = false;
    QString failure; // of the handshake, when it is not the certificate's
};

// The addresses of a host name.
[[nodiscard]] QCoro::Task<Expected<QList<QHostAddress>>> resolveHost(QString host, std::stop_token token);
// `authorities` empty: the system's.
[[nodiscard]] QCoro::Task<Expected<TlsFacts>> probeTls(QString host, quint16 port,
    QList<QSslCertificate> authorities, std::chrono::milliseconds deadline, std::stop_token token);

} // namespace postern::exchange
