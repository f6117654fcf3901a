#include "services/identity/Cloud.h"

namespace postern {

namespace {

using identity::CloudId;

constexpr EnumEntry<CloudId> texts[] = {
    {CloudId::Global, u"global"},
    {CloudId::UsGovHigh, u"usGovHigh"},
    {CloudId::UsGovDod, u"usGovDod"},
    {CloudId::China, u"china"},
};

} // namespace

std::span<const EnumEntry<CloudId>> EnumTable<CloudId>::entries()
{
    return texts;
}

} // namespace postern

namespace postern::identity {

namespace {

struct Hosts
{
    CloudId id;
    const char* authority;
    const char* graph;
};

constexpr Hosts hosts[] = {
    {CloudId::Global, "https://login.microsoftonline.com", "https://graph.microsoft.com"},
    {CloudId::UsGovHigh, "https://login.microsoftonline.us", "https://graph.microsoft.us"},
    {CloudId::UsGovDod, "https://login.microsoftonline.us", "https://dod-graph.microsoft.us"},
    {CloudId::China, "https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"},
};

Cloud fromHosts(const Hosts& row)
{
    Cloud cloud;
    cloud.id = row.id;
    cloud.authority = QUrl(QString::fromLatin1(row.authority));
    cloud.graph = QUrl(QString::fromLatin1(row.graph));
    cloud.graphResource = QString::fromLatin1(row.graph);
    return cloud;
}

} // namespace

Cloud cloudOf(CloudId id)
{
    for (const Hosts& row : hosts) {
        if (row.id == id)
            return fromHosts(row);
    }
    return fromHosts(hosts[0]);
}

} // namespace postern::identity
