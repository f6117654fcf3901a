#include "models/base/Error.h"

#include "models/base/EnumText.h"

namespace postern {

QString Error::toLogText() const
{
    QString text = enumText(code).toString();
    if (!origin.isEmpty())
        text += QStringLiteral(": ") + origin;
    if (!detail.isEmpty())
        text += QStringLiteral(": ") + detail;
    return text;
}

bool isTransient(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Timeout:
    case ErrorCode::ConnectionRefused:
    case ErrorCode::ConnectionLost:
    case ErrorCode::ServerBusy:
    case ErrorCode::TooManySessions:
    case ErrorCode::SessionLost:
        return true;
    default:
        return false;
    }
}

} // namespace postern
