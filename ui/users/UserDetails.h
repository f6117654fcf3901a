// The pane below the list of users (SHL-32): who, licences and groups, and the devices of that person from
// the device list. GUI thread.
#pragma once

#include <QTabWidget>

#include "models/domain/SiteUser.h"
#include "models/frame/DeviceFrame.h"

namespace postern::widgets {
class FactList;
}

namespace postern::users {

class UserDetails final : public QTabWidget
{
    Q_OBJECT
public:
    explicit UserDetails(QWidget* parent = nullptr);
    // Null: none, or `selected` of them.
    void showUser(const SiteUser* user, int selected, const frame::DeviceFrame& devices);
    [[nodiscard]] QString summaryText() const;
    [[nodiscard]] QString devicesText() const;

private:
    widgets::FactList* m_summary;
    widgets::FactList* m_groups;
    widgets::FactList* m_devices;
};

// Rows of the device list whose user is this person, at most `most`.
[[nodiscard]] frame::RowVector devicesOf(const SiteUser& user, const frame::DeviceFrame& devices, int most);

} // namespace postern::users
