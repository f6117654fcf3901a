// A SOAP fault of WS-Management and what it means for us: the table of exchange-protocols a.7 and d.6. Pure,
// any thread. The server's own words stay in Error::detail.
#pragma once

#include <QString>
#include <QUrl>

#include "models/base/Error.h"

namespace postern::wsman {

namespace FaultCode {
inline constexpr quint32 OperationTimedOut = 2150858793;
inline constexpr quint32 UnexpectedSelectors = 2150858843;
inline constexpr quint32 RedirectRequested = 2150859161;
} // namespace FaultCode

struct Fault
{
    quint32 code = 0; // f:WSManFault Code; 0: none was sent
    quint32 nestedCode = 0; // of a WSManFault inside the provider's part
    QString subcode; // without prefix: TimedOut, InvalidSelectors, AccessDenied
    QString reason; // s:Reason/s:Text
    QString message; // f:Message, nested text included
    QString detailUri; // w:FaultDetail
    QString redirect; // the location that a redirect fault names

    [[nodiscard]] bool isTimeout() const;
    // Where a redirect points: `redirect`, else the first URL in the text. Empty when it names none.
    [[nodiscard]] QUrl redirectTarget() const;
    [[nodiscard]] QString text() const; // message, else reason, else the code
};

[[nodiscard]] Error toError(const Fault& fault, QString origin);
// "…for at least 4500 milliseconds" -> 4.5 s. nullopt: the text names no time.
[[nodiscard]] std::optional<std::chrono::milliseconds> statedDelay(const QString& text);

} // namespace postern::wsman
