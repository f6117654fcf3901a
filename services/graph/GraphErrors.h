// What a refusal of Graph means: its error object, Intune's JSON inside a message, and the ErrorCode that
// fits. Pure, any thread. Foreign words are cut to a length; tokens are not in them, because the caller hides
// its own. graph-reference 9.
#pragma once

#include <QByteArray>
#include <QList>
#include <QNetworkReply>
#include <QString>
#include <QStringList>

#include "models/base/Error.h"
#include "services/graph/GraphRequest.h"

namespace postern::graph {

struct GraphFault
{
    QString code; // "Authorization_RequestDenied"; may be empty
    QString message; // one line
    QString requestId;
    QString clientRequestId;
    [[nodiscard]] QString text() const;
};

// Reads the body of an answer with status 4xx or 5xx, JSON or not, and its headers.
[[nodiscard]] GraphFault readFault(const GraphAnswer& answer);
// The permissions that Graph's words name: "DeviceManagementManagedDevices.Read.All".
[[nodiscard]] QStringList permissionsIn(const QString& message);
// The error of an answer that is not 2xx. Without retryAfter: the caller knows the clock.
[[nodiscard]] Error errorOf(const GraphAnswer& answer, const GraphRequest& request, const QString& origin);
// A delta that Graph no longer knows: 410, or a 40x with one of its codes.
[[nodiscard]] bool asksForResync(const GraphAnswer& answer);
// Worth the same request again: 429, 500, 502, 503, 504, 509.
[[nodiscard]] bool isBusyStatus(int status);

// "at line 3, column 17 (byte 412): missing value separator". Empty when Qt finds no fault.
[[nodiscard]] QString jsonFault(const QByteArray& body);

} // namespace postern::graph
