#include "app/lab/directory/ClientAccessServer.h"

#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr const char* firstSite = "Default-First-Site-Name";
constexpr std::size_t atMost = 16;

} // namespace

std::vector<ClientAccessServer> ClientAccessServer::usual()
{
    return {{"EX1", "ex1.contoso.lab", firstSite, false}, {"EX2", "ex2.contoso.lab", firstSite, false}};
}

Expected<std::vector<ClientAccessServer>> ClientAccessServer::fromText(const std::string& text)
{
    if (text.empty())
        return usual();
    std::vector<ClientAccessServer> servers;
    for (const std::string& part : split(text, ',')) {
        const auto at = part.find('@');
        ClientAccessServer server;
        server.name = "EX" + std::to_string(servers.size() + 1);
        server.fqdn = asciiLower(trimmed(part.substr(0, at)));
        server.site = at == std::string::npos ? firstSite : trimmed(part.substr(at + 1));
        server.listens = true;
        for (const ClientAccessServer& other : servers) {
            if (other.fqdn == server.fqdn)
                return fail(ErrorCode::InvalidInput,
                    u"client access servers: %1 is named twice"_s.arg(QString::fromStdString(server.fqdn)));
        }
        const bool name = !server.fqdn.empty()
            && server.fqdn.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string::npos;
        if (!name || server.site.empty() || servers.size() >= atMost)
            return fail(ErrorCode::InvalidInput,
                u"client access servers: \"%1\" is no HOST or HOST@SITE, or one too many"_s.arg(
                    QString::fromStdString(part)));
        servers.push_back(server);
    }
    return servers;
}

} // namespace postern::lab
