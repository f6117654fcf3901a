// Judges what came in on the loopback port: only a GET for our path, our host and our state is the browser's
// redirect. Pure, any thread; never fails, a verdict has an HTTP status. graph-reference 2.1.
#pragma once

#include <QByteArray>
#include <QString>
#include <optional>

#include "services/identity/TokenAnswer.h"

namespace postern::identity {

// What the browser brought back: a code, or an error.
struct Redirect
{
    QString code;
    std::optional<OAuthError> error;
};

struct LoopbackVerdict
{
    int status = 0; // 0: the request is not complete yet
    std::optional<Redirect> redirect; // with status 200
};

struct LoopbackExpectation
{
    QString host; // "localhost"
    quint16 port = 0;
    QString path; // empty: "/"
    QString state;
};

// `request`: all bytes so far of one connection.
[[nodiscard]] LoopbackVerdict judgeLoopbackRequest(
    const QByteArray& request, const LoopbackExpectation& expected);
// The complete HTTP answer. Holds nothing that came in with the request.
[[nodiscard]] QByteArray loopbackAnswer(const LoopbackVerdict& verdict);

} // namespace postern::identity
