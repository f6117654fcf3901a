// Whose phone is it: the owner and the device's name cut from the identities that Exchange gives a device
// object (exchange-protocols e.1): canonical "contoso.lab/Users/Anna/ExchangeActiveSyncDevices/iPhone§APPL1",
// short "Anna\ExchangeActiveSyncDevices\iPhone§APPL1", distinguished
// "CN=iPhone§APPL1,CN=ExchangeActiveSyncDevices,CN=Anna,…". Names may contain slashes, escaped by Active
// Directory. Pure, any thread.
#pragma once

#include <QString>
#include <QStringView>

namespace postern::exchange {

struct DeviceIdentity
{
    QString owner; // the mailbox's identity; canonical, except from the short form, which has a bare name
    QString name; // "iPhone§APPL1", "REST§Outlook§1f0c…"
    [[nodiscard]] bool isValid() const { return !owner.isEmpty() && !name.isEmpty(); }
    bool operator==(const DeviceIdentity&) const = default;
};

// An invalid value when the text is none of the three.
[[nodiscard]] DeviceIdentity cutDeviceIdentity(QStringView identity);

// What stands behind the last § of a name: the EAS device id. Empty when there is no §.
[[nodiscard]] QStringView deviceIdOfName(QStringView name);

} // namespace postern::exchange
