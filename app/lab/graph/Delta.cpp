#include "app/lab/graph/Delta.h"

#include <QJsonDocument>
#include <QJsonObject>

#include "app/lab/entra/Signing.h"
#include "app/lab/json/JsonOut.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr size_t guardLength = 8;

std::string guardOf(const std::string& body)
{
    return sha256("delta tokens of the lab" + body).substr(0, guardLength);
}

} // namespace

std::string DeltaToken::text() const
{
    JsonOut out;
    out.text("p", purpose)
        .flag("l", listing)
        .number("n", std::int64_t(position))
        .number("q", std::int64_t(sequence))
        .number("t", issuedMs)
        .number("e", epoch);
    if (hasSelect)
        out.text("s", select);
    const std::string body = out.finish();
    return base64Url(guardOf(body) + body);
}

std::optional<DeltaToken> DeltaToken::parse(const std::string& text)
{
    const auto bytes = fromBase64Url(text);
    if (!bytes || bytes->size() <= guardLength)
        return std::nullopt;
    const std::string body = bytes->substr(guardLength);
    if (guardOf(body) != bytes->substr(0, guardLength))
        return std::nullopt;
    const QJsonObject o = QJsonDocument::fromJson(QByteArray::fromStdString(body)).object();
    DeltaToken token;
    token.purpose = o.value("p"_L1).toString().toStdString();
    token.listing = o.value("l"_L1).toBool();
    token.position = std::uint64_t(o.value("n"_L1).toDouble());
    token.sequence = std::uint64_t(o.value("q"_L1).toDouble());
    token.issuedMs = std::int64_t(o.value("t"_L1).toDouble());
    token.epoch = std::int64_t(o.value("e"_L1).toDouble());
    token.hasSelect = o.contains("s"_L1);
    token.select = o.value("s"_L1).toString().toStdString();
    return token;
}

} // namespace postern::lab
