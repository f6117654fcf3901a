// The status messages of a viewing period: asked for once, then kept up to date by what the site announces;
// what grows too old for the period leaves. News are told together, not one by one. GUI thread.
#pragma once

#include <QSet>
#include <QTimer>
#include <functional>
#include <vector>

#include "services/site/SiteClient.h"
#include "ui/monitoring/ViewingPeriod.h"

namespace postern::monitoring {

class MessageFeed final : public QObject
{
    Q_OBJECT
public:
    static constexpr int most = 10'000; // the newest; older ones are for the period to be narrowed

    explicit MessageFeed(site::SiteClient& site, QObject* parent = nullptr);

    void setPeriod(ViewingPeriod period); // asks anew when it is another one
    [[nodiscard]] ViewingPeriod period() const { return m_period; }
    void reload();
    // Newest first, all of the period.
    [[nodiscard]] const std::vector<StatusMessage>& messages() const { return m_messages; }
    [[nodiscard]] bool isLoaded() const { return m_loaded; } // an answer has come
    [[nodiscard]] bool isCut() const { return m_cut; } // there are older ones in this period
    [[nodiscard]] QDateTime now() const { return m_now(); }
    void setNow(std::function<QDateTime()> now); // for tests

signals:
    void changed();

private:
    void loaded(const site::StatusMessageQuery& query, const std::vector<postern::StatusMessage>& messages);
    void added(const postern::StatusMessage& message);
    void dropOld();

    site::SiteClient& m_site;
    std::function<QDateTime()> m_now;
    ViewingPeriod m_period = ViewingPeriod::Day;
    int m_token = 0;
    bool m_loaded = false;
    bool m_cut = false;
    std::vector<StatusMessage> m_messages;
    QSet<qint64> m_known;
    QTimer m_telling; // gathers what comes in a burst
    QTimer m_ageing;
};

} // namespace postern::monitoring
