// The tls-server-end-point channel binding of a certificate (RFC 5929 section 4.1), which Extended Protection
// wants. Pure, any thread.
#pragma once

#include <QByteArray>
#include <QSslCertificate>

namespace postern::wsman {

// "tls-server-end-point:" and the hash. Empty when the certificate is null or its signature names no hash.
[[nodiscard]] QByteArray channelBinding(const QSslCertificate& certificate);

} // namespace postern::wsman
