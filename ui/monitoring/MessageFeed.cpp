#include "ui/monitoring/MessageFeed.h"

#include <algorithm>

namespace postern::monitoring {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""min;

namespace {

// Answers go to all that listen; each takes those to its own questions.
int nextToken()
{
    static int last = 0;
    return ++last;
}

bool isNewer(const StatusMessage& left, const StatusMessage& right)
{
    return left.id > right.id;
}

} // namespace

MessageFeed::MessageFeed(site::SiteClient& site, QObject* parent)
    : QObject(parent)
    , m_site(site)
    , m_now([] { return QDateTime::currentDateTimeUtc(); })
{
    m_telling.setSingleShot(true);
    m_telling.setInterval(50ms);
    connect(&m_telling, &QTimer::timeout, this, &MessageFeed::changed);
    connect(&m_ageing, &QTimer::timeout, this, &MessageFeed::dropOld);
    m_ageing.start(1min);
    connect(&m_site, &site::SiteClient::statusMessagesLoaded, this, &MessageFeed::loaded);
    connect(&m_site, &site::SiteClient::statusMessageAdded, this, &MessageFeed::added);
    reload();
}

void MessageFeed::setPeriod(ViewingPeriod period)
{
    if (period == m_period)
        return;
    m_period = period;
    m_loaded = false;
    m_messages.clear();
    m_known.clear();
    emit changed();
    reload();
}

void MessageFeed::setNow(std::function<QDateTime()> now)
{
    m_now = std::move(now);
    reload();
}

void MessageFeed::reload()
{
    site::StatusMessageQuery query;
    m_token = nextToken();
    query.token = m_token;
    query.since = periodStart(m_period, m_now());
    query.limit = most;
    m_site.loadStatusMessages(query);
}

void MessageFeed::loaded(
    const site::StatusMessageQuery& query, const std::vector<postern::StatusMessage>& messages)
{
    if (query.token != m_token)
        return;
    // What was announced since the question is kept: the answer may be older.
    const qint64 newest = messages.empty() ? 0 : std::ranges::min(messages, isNewer).id.value;
    std::erase_if(m_messages, [newest](const StatusMessage& message) { return message.id.value <= newest; });
    m_messages.insert(m_messages.end(), messages.begin(), messages.end());
    std::ranges::sort(m_messages, isNewer);
    m_known.clear();
    for (const StatusMessage& message : m_messages)
        m_known.insert(message.id.value);
    m_loaded = true;
    m_cut = int(messages.size()) >= query.limit;
    dropOld();
    m_telling.stop();
    emit changed();
}

void MessageFeed::added(const postern::StatusMessage& message)
{
    const QDateTime since = periodStart(m_period, m_now());
    if (m_known.contains(message.id.value) || (since.isValid() && message.time < since))
        return;
    m_known.insert(message.id.value);
    m_messages.insert(std::ranges::lower_bound(m_messages, message, isNewer), message);
    if (int(m_messages.size()) > most) {
        m_known.remove(m_messages.back().id.value);
        m_messages.pop_back();
        m_cut = true;
    }
    if (!m_telling.isActive())
        m_telling.start();
}

void MessageFeed::dropOld()
{
    const QDateTime since = periodStart(m_period, m_now());
    if (!since.isValid())
        return;
    const auto dropped = std::erase_if(m_messages, [this, &since](const StatusMessage& message) {
        return message.time < since && m_known.remove(message.id.value);
    });
    if (dropped > 0 && !m_telling.isActive())
        m_telling.start();
}

} // namespace postern::monitoring
