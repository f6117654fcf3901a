// What the notification bar and toasts say about the state of a site: pure functions over its values (SHL-19,
// CON-41). Translated, so a QCoreApplication must exist.
#pragma once

#include <vector>

#include "models/base/Error.h"
#include "models/domain/Connector.h"
#include "models/domain/Work.h"
#include "ui/widgets/NotificationBar.h"

namespace postern::shell {

[[nodiscard]] QList<widgets::Notice> siteNotices(
    const std::vector<Connector>& connectors, const std::optional<Error>& siteFailure);

struct Announcement
{
    widgets::Tone tone = widgets::Tone::Neutral;
    QString title;
    QString text;
};

// What to say when this job ended.
[[nodiscard]] Announcement jobAnnouncement(const Job& job, const std::vector<Connector>& connectors);

} // namespace postern::shell
