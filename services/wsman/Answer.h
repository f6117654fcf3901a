// SOAP answers of WS-Management, read. readAnswer is the strict reader for everything; scanReceive is the
// fast one for the hot path (Receive answers of half a megabyte) and gives up with nullopt on anything but
// the plain shape that Windows sends, so that the strict reader decides. Pure, any thread. Errors: Malformed,
// LimitExceeded, with the offset. No DTD, no entities but the predefined five, depth and size limits.
// exchange-protocols a.5, a.7.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <optional>
#include <vector>

#include "models/base/Error.h"
#include "services/wsman/Fault.h"

namespace postern::wsman {

enum class CommandState { Unknown, Pending, Running, Done };

struct StreamText
{
    QByteArrayView base64; // not decoded; points into Answer::storage
    QByteArray commandId; // empty: the shell's own stream
    QByteArray name;
    bool end = false;
};

struct Identity
{
    QString protocolVersion;
    QString vendor;
    QString version;
};

struct Answer
{
    QByteArray storage; // keeps what the views of `streams` point to
    QByteArray relatesTo; // with "uuid:"
    QString action;
    std::optional<Fault> fault;
    bool timedOut = false; // a Receive without news: send it again
    bool repeated = false; // set by Client: the request may have reached the server more than once
    QByteArray shellId; // Create
    QByteArray commandId; // Command
    std::vector<StreamText> streams; // Receive, in order
    CommandState commandState = CommandState::Unknown;
    std::optional<quint32> exitCode;
    Identity identity;
};

struct AnswerLimits
{
    qsizetype bytes = 32 * 1024 * 1024;
    int depth = 32;
    int elements = 100'000;
};

[[nodiscard]] Expected<Answer> readAnswer(QByteArray body, AnswerLimits limits = {});
[[nodiscard]] std::optional<Answer> scanReceive(const QByteArray& body);
// scanReceive, else readAnswer.
[[nodiscard]] Expected<Answer> readReceive(const QByteArray& body);

// Whether the body can be SOAP at all: begins with '<' after marks and blanks, and is no HTML page. UTF-16
// counts.
[[nodiscard]] bool looksLikeSoap(QByteArrayView body);

} // namespace postern::wsman
