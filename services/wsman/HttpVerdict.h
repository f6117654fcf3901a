// What an HTTP answer that is no SOAP means. Pure, any thread. exchange-protocols a.1, a.7, d.3.
#pragma once

#include <QDateTime>
#include <optional>

#include "models/base/Error.h"
#include "services/core/Await.h"

namespace postern::wsman {

// Where a 301, 302, 303, 307 or 308 points; nullopt for other answers. An invalid URL when the header is
// missing or bad.
[[nodiscard]] std::optional<QUrl> redirectTarget(const core::HttpAnswer& answer);
// The error that an answer without a SOAP body stands for.
[[nodiscard]] Error httpError(const core::HttpAnswer& answer, const QDateTime& now, QString origin);
// "Service Unavailable" from an HTML page: its title, else its first words; empty for an empty body.
[[nodiscard]] QString pageText(QByteArrayView body);

} // namespace postern::wsman
