#include "app/lab/graph/Cloud.h"

#include <QFile>
#include <QJsonArray>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

QString q(const std::string& text)
{
    return QString::fromStdString(text);
}

EntraOptions entraOptions(const std::string& base, const Guid& tenant, double timeScale)
{
    EntraOptions options;
    options.base = base;
    options.tenantId = tenant.lower();
    const double faster = std::max(1.0, timeScale);
    options.codeSeconds = std::max<std::int64_t>(5, std::int64_t(600 / faster));
    options.deviceSeconds = std::max<std::int64_t>(5, std::int64_t(900 / faster));
    return options;
}

// Once in a state directory, so that a configured client keeps its credential over restarts.
Expected<CertificatePtr> clientCertificate(const std::string& file)
{
    QFile out(q(file));
    if (out.open(QIODevice::ReadOnly)) {
        const QByteArray text = out.readAll();
        if (CertificatePtr known = certificateFromPem(text.toStdString()))
            return known;
        out.close();
    }
    const KeyPtr key = newRsaKey();
    CertificatePtr made = selfSignedCertificate(key.get(), "Postern Lab Client");
    const QByteArray text = QByteArray::fromStdString(pemOf(made.get()) + pemOf(key.get()));
    if (!out.open(QIODevice::WriteOnly | QIODevice::Truncate)
        || !out.setPermissions(QFile::ReadOwner | QFile::WriteOwner) || out.write(text) != text.size())
        return fail(
            ErrorCode::StoreUnavailable, u"cannot write the client's certificate to %1"_s.arg(q(file)));
    return made;
}

} // namespace

QJsonObject CloudAddresses::toJson() const
{
    QJsonArray list;
    for (const Application& a : applications)
        list.append(QJsonObject{{"role"_L1, q(a.role)}, {"clientId"_L1, q(a.clientId)},
            {"clientSecret"_L1, q(a.secret)}, {"may"_L1, q(a.description)}});
    return {{"tenant"_L1, q(tenant)}, {"clientId"_L1, q(clientId)}, {"clientSecret"_L1, q(clientSecret)},
        {"authority"_L1, q(authority)}, {"graphUrl"_L1, q(graph)}, {"certificateFile"_L1, q(certificateFile)},
        {"user"_L1, QJsonObject{{"upn"_L1, q(userUpn)}, {"password"_L1, q(userPassword)}}},
        {"applications"_L1, list}};
}

Cloud::Cloud(Estate& estate, FaultPlan& faults, Counters& counters, CertificatePtr certificate,
    const std::string& base, double timeScale)
    : m_faults(faults)
    , m_counters(counters)
    , m_applications(estate.people(), estate.people().options().seed)
    , m_tenant(estate)
    , m_directory(m_tenant, m_applications.administratorUpn(),
          Guid::parse(m_applications.person(m_applications.administratorUpn())->oid).value())
    , m_tokens(m_tenant.id().lower(), base)
    , m_entra(m_applications, m_tokens, std::move(certificate), estate.people().options().seed,
          entraOptions(base, m_tenant.id(), timeScale))
    , m_graph(m_directory, m_tokens, faults, counters, base)
{
    m_tenant.onChange([this](std::uint32_t record) { m_directory.deviceChanged(record); });
    m_tokens.setSeconds(std::max<std::int64_t>(2, std::int64_t(3600 / std::max(1.0, timeScale))));
    const Application main = m_applications.all().front();
    m_addresses = {m_tenant.id().lower(), main.clientId, main.secret, base, base, {},
        m_applications.administratorUpn(), m_applications.administratorPassword(), m_applications.all()};
}

Expected<std::unique_ptr<Cloud>> Cloud::open(Estate& estate, FaultPlan& faults, Counters& counters,
    const std::string& directory, const std::string& base, double timeScale)
{
    const std::string file = directory + "/lab-client.pem";
    auto certificate = clientCertificate(file);
    if (!certificate)
        return fail(certificate.error());
    std::unique_ptr<Cloud> made(
        new Cloud(estate, faults, counters, std::move(*certificate), base, timeScale));
    made->m_addresses.certificateFile = file;
    return made;
}

bool Cloud::serves(const std::string& lowerPath)
{
    return lowerPath.starts_with("/lab-exports/") || GraphService::serves(lowerPath)
        || Entra::serves(lowerPath);
}

WebAnswer Cloud::answer(const WebRequest& request)
{
    if (request.path.starts_with("/lab-exports/"))
        return m_graph.download(request);
    if (GraphService::serves(asciiLower(request.path)))
        return m_graph.answer(request);
    return entraAnswer(request);
}

WebAnswer Cloud::entraAnswer(const WebRequest& request)
{
    const auto fault = m_faults.any()
        ? m_faults.forRequest({"429", "503", "cut", "stall", "slow", "entraError"}, request.path)
        : std::nullopt;
    if (!fault)
        return m_entra.answer(request);
    m_counters.fault(fault->kind);
    if (fault->kind == "entraError")
        return entraError({std::atoi(fault->target.c_str()), {}}, request);
    WebAnswer answer;
    if (fault->kind == "stall" || fault->kind == "slow") {
        std::this_thread::sleep_for(std::chrono::milliseconds(fault->ms));
        return m_entra.answer(request);
    }
    answer.cut = fault->kind == "cut";
    answer.status = fault->kind == "429" ? 429 : 503;
    answer.contentType = "application/json; charset=utf-8";
    answer.body
        = R"({"error":"temporarily_unavailable","error_description":"AADSTS90033: A transient error has occurred. Please try again.","error_codes":[90033]})";
    answer.headers.emplace_back("Retry-After", std::to_string(fault->retryAfterSeconds));
    return answer;
}

} // namespace postern::lab
