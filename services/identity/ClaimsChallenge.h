// Claims: what Graph asks for in a 401 and what we say to get such questions at all (continuous access
// evaluation). Pure, any thread. Errors: Malformed. graph-reference 2.6.
#pragma once

#include <QByteArray>
#include <QList>
#include <QNetworkReply>
#include <QString>
#include <optional>

#include "models/base/Error.h"

namespace postern::identity {

// The decoded JSON of the first WWW-Authenticate header (there may be several, parameters in any order) with
// error="insufficient_claims" and claims; nullopt when there is none. For TokenSource::replaceToken.
[[nodiscard]] std::optional<QString> challengeClaims(const QList<QNetworkReply::RawHeaderPair>& headers);

// The value of the `claims` field of a request: that we understand challenges (xms_cc cp1), and the
// challenge.
[[nodiscard]] Expected<QString> requestClaims(const QString& challenge);

} // namespace postern::identity
