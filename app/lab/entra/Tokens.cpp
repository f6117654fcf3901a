#include "app/lab/entra/Tokens.h"

#include <QJsonArray>
#include <chrono>
#include <mutex>

#include "app/lab/text/Guid.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr std::int64_t keptAfterExpiryMs = 3600000;

std::int64_t nowMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

QString q(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace

Tokens::Tokens(std::string tenantId, std::string issuerBase)
    : m_tenant(std::move(tenantId))
    , m_base(std::move(issuerBase))
{
}

EVP_PKEY* Tokens::key()
{
    std::call_once(m_keyMade, [this] {
        m_key = newRsaKey();
        const QByteArray modulus = publicJwk(m_key.get(), {}).value("n"_L1).toString().toLatin1();
        m_kid = base64Url(sha256(modulus.toStdString())).substr(0, 27);
    });
    return m_key.get();
}

QJsonObject Tokens::common(const Claims& c, std::int64_t now) const
{
    QJsonObject out{{"iat"_L1, qint64(now / 1000)}, {"nbf"_L1, qint64(now / 1000)},
        {"exp"_L1, qint64(c.expiresMs / 1000)}, {"tid"_L1, q(m_tenant)}, {"oid"_L1, q(c.oid)},
        {"sub"_L1, q(c.oid)},
        {"uti"_L1, q(base64Url(sha256(c.clientId + std::to_string(now))).substr(0, 22))}};
    if (c.delegated) {
        out.insert("name"_L1, q(c.name));
        out.insert("upn"_L1, q(c.upn));
    }
    return out;
}

Tokens::Issued Tokens::issue(Claims claims)
{
    EVP_PKEY* const signing = key();
    const std::int64_t now = nowMs(), seconds = m_seconds.load();
    claims.expiresMs = now + seconds * 1000;
    QJsonObject out = common(claims, now);
    out.insert("aud"_L1, q(claims.audience));
    out.insert("iss"_L1, q(m_base + "/" + m_tenant + "/"));
    out.insert("appid"_L1, q(claims.clientId));
    out.insert("idtyp"_L1, claims.delegated ? u"user"_s : u"app"_s);
    out.insert("ver"_L1, u"1.0"_s);
    if (claims.takesChallenges)
        out.insert("xms_cc"_L1, QJsonArray{u"CP1"_s});
    QJsonArray list;
    std::string scopes;
    for (const std::string& permission : claims.permissions) {
        list.append(q(permission));
        scopes += (scopes.empty() ? "" : " ") + permission;
    }
    if (claims.delegated)
        out.insert("scp"_L1, q(scopes));
    else
        out.insert("roles"_L1, list);
    // A token of the same second would be the same text: this keeps them apart.
    out.insert("aio"_L1, q(Guid::random().lower()));
    const std::string token
        = signedJwt({{"typ"_L1, u"JWT"_s}, {"alg"_L1, u"RS256"_s}, {"kid"_L1, q(m_kid)}}, out, signing);
    const std::unique_lock lock(m_mutex);
    forgetOld(now);
    m_issued.emplace(token, std::move(claims));
    return {token, seconds};
}

std::string Tokens::idToken(const Claims& claims, const std::string& nonce)
{
    EVP_PKEY* const signing = key();
    Claims copy = claims;
    const std::int64_t now = nowMs();
    copy.expiresMs = now + m_seconds.load() * 1000;
    QJsonObject out = common(copy, now);
    out.insert("aud"_L1, q(claims.clientId));
    out.insert("iss"_L1, q(issuer()));
    out.insert("preferred_username"_L1, q(claims.upn));
    out.insert("ver"_L1, u"2.0"_s);
    if (!nonce.empty())
        out.insert("nonce"_L1, q(nonce));
    return signedJwt({{"typ"_L1, u"JWT"_s}, {"alg"_L1, u"RS256"_s}, {"kid"_L1, q(m_kid)}}, out, signing);
}

void Tokens::forgetOld(std::int64_t now)
{
    if (m_issued.size() < 1000)
        return;
    std::erase_if(
        m_issued, [now](const auto& entry) { return entry.second.expiresMs + keptAfterExpiryMs < now; });
}

TokenState Tokens::check(const std::string& token, Claims& claims) const
{
    {
        const std::shared_lock lock(m_mutex);
        const auto at = m_issued.find(token);
        if (at != m_issued.end()) {
            claims = at->second;
            return claims.expiresMs <= nowMs() ? TokenState::Expired : TokenState::Good;
        }
    }
    return parsedJwt(token) ? TokenState::WrongSignature : TokenState::Malformed;
}

void Tokens::expire(const std::string& token)
{
    const std::unique_lock lock(m_mutex);
    const auto at = m_issued.find(token);
    if (at != m_issued.end())
        at->second.expiresMs = 0;
}

void Tokens::expireAll()
{
    const std::unique_lock lock(m_mutex);
    for (auto& [token, claims] : m_issued)
        claims.expiresMs = nowMs() - 1;
}

QJsonObject Tokens::keySet()
{
    EVP_PKEY* const signing = key();
    return {{"keys"_L1, QJsonArray{publicJwk(signing, m_kid)}}};
}

} // namespace postern::lab
