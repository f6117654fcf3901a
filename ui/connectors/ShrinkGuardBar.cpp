#include "ui/connectors/ShrinkGuardBar.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "services/site/SiteClient.h"
#include "ui/connectors/ConnectorLogDialog.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using namespace widgets;

namespace {

constexpr int massChangeGuard = 30015;
constexpr int queryToken = 0x30015; // of this bar's own question

QString sentenceOf(const ShrinkFinding& finding, const QString& connector)
{
    const QLocale locale;
    const QString now = locale.toString(finding.now);
    const QString before = locale.toString(finding.previous);
    if (finding.what == "mailboxes"_L1)
        return ShrinkGuardBar::tr(
            "\"%1\" read only %2 of %3 mailboxes and removed nothing. If that is right, "
            "confirm it; otherwise check the account's scope.")
            .arg(connector, now, before);
    return ShrinkGuardBar::tr(
        "\"%1\" read only %2 of %3 devices and removed nothing. If that is right, confirm "
        "it; otherwise check the account's scope.")
        .arg(connector, now, before);
}

} // namespace

std::optional<ShrinkFinding> shrinkFinding(const StatusMessage& message)
{
    // Arguments: connector, what, previous, now.
    if (message.messageId != massChangeGuard || message.arguments.size() < 4 || !message.time.isValid())
        return std::nullopt;
    bool previousOk = false;
    bool nowOk = false;
    ShrinkFinding finding{message.connectorId, message.time, message.arguments.at(1),
        message.arguments.at(2).toLongLong(&previousOk), message.arguments.at(3).toLongLong(&nowOk)};
    return previousOk && nowOk && finding.connectorId.isValid() ? std::optional(finding) : std::nullopt;
}

bool stillAsks(
    const ShrinkFinding& finding, const std::vector<Job>& jobs, const std::vector<Connector>& connectors)
{
    const bool newerJob = std::ranges::any_of(jobs, [&finding](const Job& job) {
        return job.kind == RequestKind::SynchronizeFull && job.connectorId == finding.connectorId
            && (!job.startedAt.isValid() || job.startedAt > finding.at);
    });
    const bool answered = std::ranges::none_of(connectors, [&finding](const Connector& connector) {
        return connector.id == finding.connectorId && connector.state != ConnectorState::Removing
            && (!connector.lastFullStart || *connector.lastFullStart <= finding.at);
    });
    return !newerJob && !answered;
}

ShrinkGuardBar::ShrinkGuardBar(site::SiteClient& site, QWidget* parent)
    : QWidget(parent)
    , m_site(site)
    , m_lines(new QVBoxLayout(this))
{
    m_lines->setContentsMargins(0, 0, 0, 0);
    m_lines->setSpacing(1);
    hide();
    connect(&m_site, &site::SiteClient::statusMessagesLoaded, this, &ShrinkGuardBar::messagesLoaded);
    connect(&m_site, &site::SiteClient::statusMessageAdded, this, &ShrinkGuardBar::messageAdded);
    connect(&m_site, &site::SiteClient::jobsChanged, this, &ShrinkGuardBar::refresh);
    connect(&m_site, &site::SiteClient::connectorsChanged, this, &ShrinkGuardBar::refresh);
    site::StatusMessageQuery query;
    query.token = queryToken;
    query.severity = Severity::Error;
    query.since = QDateTime::currentDateTimeUtc().addDays(-30);
    m_site.loadStatusMessages(query);
}

QStringList ShrinkGuardBar::texts() const
{
    return m_texts;
}

void ShrinkGuardBar::messagesLoaded(
    const site::StatusMessageQuery& query, const std::vector<StatusMessage>& messages)
{
    if (query.token != queryToken)
        return;
    for (const StatusMessage& message : messages)
        note(message);
    refresh();
}

void ShrinkGuardBar::messageAdded(const postern::StatusMessage& message)
{
    if (message.messageId != massChangeGuard)
        return;
    note(message);
    refresh();
}

void ShrinkGuardBar::note(const StatusMessage& message)
{
    const auto finding = shrinkFinding(message);
    if (!finding)
        return;
    const auto known = m_findings.constFind(finding->connectorId);
    if (known == m_findings.constEnd() || known->at < finding->at)
        m_findings.insert(finding->connectorId, *finding);
}

void ShrinkGuardBar::refresh()
{
    std::vector<ShrinkFinding> asking;
    const auto jobs = m_site.jobs();
    const auto connectors = m_site.connectors();
    for (const Connector& each : connectors) {
        const auto finding = m_findings.constFind(each.id);
        if (finding != m_findings.constEnd() && stillAsks(*finding, jobs, connectors))
            asking.push_back(*finding);
    }
    if (asking == m_shown)
        return;
    m_shown = asking;
    m_texts.clear();
    while (QLayoutItem* item = m_lines->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // its button may be what was just pressed
        delete item;
    }
    for (const ShrinkFinding& finding : asking) {
        const QString name = nameOf(finding.connectorId);
        m_texts.append(sentenceOf(finding, name));
        m_lines->addWidget(makeLine(finding, name));
    }
    setVisible(!asking.empty());
}

QWidget* ShrinkGuardBar::makeLine(const ShrinkFinding& finding, const QString& name)
{
    auto* line = new QFrame(this);
    QPalette colors = line->palette();
    colors.setColor(QPalette::Window, toneFill(Tone::Warning, palette()));
    line->setPalette(colors);
    line->setAutoFillBackground(true);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(12, spacing::normal, 12, spacing::normal);
    row->setSpacing(spacing::normal);
    auto* mark = new QLabel(line);
    mark->setPixmap(icon(u"warning"_s, Tone::Warning).pixmap(18, 18));
    auto* label = new PlainLabel(m_texts.last(), PlainLabel::Look::Body, line);
    label->setMessage();
    auto* yes = new QPushButton(tr("Confirm and Run Again"), line);
    auto* log = new QPushButton(tr("Open Log"), line);
    //: %1 is a connector
    yes->setAccessibleName(tr("Confirm and run again: %1").arg(name));
    log->setAccessibleName(tr("Open the log of %1").arg(name));
    connect(yes, &QPushButton::clicked, this, [this, finding] { confirm(finding); });
    connect(log, &QPushButton::clicked, this, [this, id = finding.connectorId] { openLog(id); });
    row->addWidget(mark, 0, Qt::AlignVCenter);
    row->addWidget(label, 1);
    row->addWidget(yes);
    row->addWidget(log);
    return line;
}

void ShrinkGuardBar::confirm(const ShrinkFinding& finding)
{
    Request request;
    request.kind = RequestKind::SynchronizeFull;
    request.connectorId = finding.connectorId;
    request.parameters
        = QJsonDocument(QJsonObject{{u"shrinkConfirmed"_s, true}}).toJson(QJsonDocument::Compact);
    request.requestedAt = QDateTime::currentDateTimeUtc();
    m_site.submit(request);
}

void ShrinkGuardBar::openLog(ConnectorId id)
{
    auto* dialog = new ConnectorLogDialog(m_site.logFile(), nameOf(id), window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

QString ShrinkGuardBar::nameOf(ConnectorId id) const
{
    for (const Connector& candidate : m_site.connectors()) {
        if (candidate.id == id)
            return candidate.name;
    }
    return {};
}

} // namespace postern::connectors
