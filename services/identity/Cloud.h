// The clouds of Microsoft 365: where one signs in and where Graph is. A value, any thread, never fails.
// graph-reference 1.
#pragma once

#include <QString>
#include <QUrl>

#include "models/base/EnumText.h"

namespace postern::identity {

enum class CloudId {
    Global, // also GCC
    UsGovHigh, // US Government L4, GCC High
    UsGovDod, // US Government L5
    China, // 21Vianet
};

// The three belong together: a token of one cloud is worth nothing in another.
struct Cloud
{
    CloudId id = CloudId::Global;
    QUrl authority; // "https://login.microsoftonline.com"; a path in front is kept (a proxy, a lab)
    QUrl graph; // where requests go: "https://graph.microsoft.com", without version
    // What scopes begin with: "https://graph.microsoft.com". Stays the cloud's own when `graph` is
    // overridden, because that is what the app registration and the tokens name.
    QString graphResource;
};

[[nodiscard]] Cloud cloudOf(CloudId id);

} // namespace postern::identity

namespace postern {

template <> struct EnumTable<identity::CloudId>
{
    static std::span<const EnumEntry<identity::CloudId>> entries();
};

} // namespace postern
