// Autodiscover (POX) and the little of EWS that a check needs, as text: requests written, answers read.
// Pure, any thread. An answer may come from anybody: no document type, sizes are the caller's. Errors:
// Malformed. exchange-protocols g; [MS-OXDSCLI].
#pragma once

#include <QByteArray>
#include <QString>
#include <QUrl>

#include "models/base/Error.h"

namespace postern::exchange {

[[nodiscard]] QByteArray autodiscoverRequest(const QString& address);

struct AutodiscoverAnswer
{
    QUrl ews; // the inner address when there is one, else the outer one
    QString redirectAddress; // ask for this one instead
    QUrl redirectUrl; // ask there instead
    int errorCode = 0; // 500: nobody has the address, 600: invalid request, 601: no provider
    QString errorText;
};
[[nodiscard]] Expected<AutodiscoverAnswer> readAutodiscover(const QByteArray& body);

// GetFolder of the Inbox of this mailbox.
[[nodiscard]] QByteArray inboxRequest(const QString& address);

struct FolderAnswer
{
    bool found = false;
    QString code; // "NoError", "ErrorNonExistentMailbox", …; of a fault: its code
    QString text; // the server's words
};
[[nodiscard]] Expected<FolderAnswer> readFolder(const QByteArray& body);

} // namespace postern::exchange
