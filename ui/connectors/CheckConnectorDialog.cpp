#include "ui/connectors/CheckConnectorDialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/base/ErrorText.h"
#include "services/site/SiteClient.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/Toast.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using namespace widgets;

namespace {
const QString notificationCheck = u"CON-10"_s;
}

Step stepOf(const CheckResult& line)
{
    Step::Outcome outcome = Step::Outcome::NotApplicable;
    switch (line.outcome) {
    case CheckResult::Outcome::Pass:
        outcome = Step::Outcome::Pass;
        break;
    case CheckResult::Outcome::Warning:
        outcome = Step::Outcome::Warning;
        break;
    case CheckResult::Outcome::Fail:
        outcome = line.required ? Step::Outcome::Fail : Step::Outcome::Warning;
        break;
    case CheckResult::Outcome::NotApplicable:
        break;
    }
    return {line.id + u'/' + line.name, line.name, outcome, line.detail};
}

QString checkSentence(const Error& error, bool ok, const QList<Step>& steps)
{
    if (ok)
        return {};
    if (error.code != ErrorCode::Internal || !error.detail.isEmpty() || !error.origin.isEmpty())
        return ErrorText::sentence(error);
    for (const Step& step : steps) {
        if (step.outcome == Step::Outcome::Fail && !step.detail.isEmpty()) {
            //: %1 what was checked, %2 what is wrong with it
            return CheckConnectorDialog::tr("%1: %2").arg(step.name, step.detail);
        }
    }
    return CheckConnectorDialog::tr(
        "A required check failed. Repair what the list below says and test again.");
}

CheckConnectorDialog::CheckConnectorDialog(
    site::SiteClient& site, Connector connector, QString password, QWidget* parent, CheckScope scope)
    : QDialog(parent)
    , m_site(site)
    , m_connector(std::move(connector))
    , m_password(std::move(password))
    , m_scope(scope)
{
    setWindowTitle(
        scope == CheckScope::Connection ? tr("Test Connection") : tr("Verify Notification Account"));
    setWindowIcon(icon(u"test-connection"_s));
    build();
    resize(760, 520);
    connect(&m_site, &site::SiteClient::checkReported, this, &CheckConnectorDialog::lineReported);
    connect(&m_site, &site::SiteClient::checkFinished, this, &CheckConnectorDialog::checkEnded);
    startCheck();
}

QString CheckConnectorDialog::verdict() const
{
    return m_verdict->text();
}

void CheckConnectorDialog::done(int result)
{
    if (m_running)
        m_site.stopCheck();
    m_running = false;
    QDialog::done(result);
}

void CheckConnectorDialog::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::wide, spacing::wide, spacing::wide, 12);
    column->setSpacing(spacing::normal);
    auto* head = new QHBoxLayout;
    head->setSpacing(spacing::normal);
    m_mark = new QLabel(this);
    m_verdict = new PlainLabel({}, PlainLabel::Look::Heading, this);
    m_verdict->setMessage();
    head->addWidget(m_mark, 0, Qt::AlignTop);
    head->addWidget(m_verdict, 1);
    column->addLayout(head);
    auto* address = new PlainLabel(
        m_scope == CheckScope::Connection ? m_connector.serverAddress : m_connector.notificationAccount,
        PlainLabel::Look::Muted, this);
    address->setMessage();
    column->addWidget(address);
    m_bar = new QProgressBar(this);
    m_bar->setRange(0, 0);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Test in progress"));
    column->addWidget(m_bar);
    m_steps = new StepList(this);
    column->addWidget(m_steps, 1);
    auto* row = new QHBoxLayout;
    auto* copy = new QPushButton(icon(u"copy"_s), tr("C&opy"), this);
    m_again = new QPushButton(icon(u"refresh"_s), tr("&Test Again"), this);
    m_close = new QPushButton(tr("Close"), this);
    for (auto* button : {copy, m_again})
        button->setAutoDefault(false);
    m_close->setDefault(true);
    connect(copy, &QPushButton::clicked, m_steps, &StepList::copy);
    connect(m_again, &QPushButton::clicked, this, &CheckConnectorDialog::startCheck);
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    row->addWidget(copy);
    row->addWidget(m_again);
    row->addStretch(1);
    row->addWidget(m_close);
    column->addLayout(row);
}

void CheckConnectorDialog::startCheck()
{
    m_running = true;
    m_steps->clearSteps();
    m_mark->setPixmap(icon(u"waiting"_s, Tone::Accent).pixmap(22, 22));
    m_verdict->setText(tr("Testing \"%1\"...").arg(m_connector.name));
    m_bar->show();
    m_again->setEnabled(false);
    m_close->setText(tr("Cancel"));
    m_site.checkConnector(m_connector, m_password);
}

void CheckConnectorDialog::lineReported(const postern::CheckResult& line)
{
    const bool wanted = m_scope == CheckScope::Connection || line.id == notificationCheck;
    if (m_running && wanted)
        m_steps->setStep(stepOf(line));
}

void CheckConnectorDialog::checkEnded(const postern::Error& error, bool ok)
{
    if (!m_running)
        return;
    m_running = false;
    m_bar->hide();
    m_again->setEnabled(true);
    m_close->setText(tr("Close"));
    const auto has = [this](Step::Outcome outcome) {
        return int(std::count_if(m_steps->steps().begin(), m_steps->steps().end(),
            [outcome](const Step& step) { return step.outcome == outcome; }));
    };
    const int warned = has(Step::Outcome::Warning);
    const bool all = m_scope == CheckScope::Connection;
    const bool passed = all ? ok : !m_steps->steps().isEmpty() && has(Step::Outcome::Fail) == 0;
    const Tone tone = passed                         ? (warned > 0 ? Tone::Warning : Tone::Good)
        : all || has(Step::Outcome::Fail) > 0 || !ok ? Tone::Bad
                                                     : Tone::Warning;
    m_mark->setPixmap(icon(toneIconName(tone), tone).pixmap(22, 22));
    m_steps->showFirstFailure();
    m_verdict->setText(all ? verdictOf(error, ok, warned) : mailboxVerdict(error, ok));
}

QString CheckConnectorDialog::verdictOf(const Error& error, bool ok, int warnings) const
{
    if (!ok)
        return checkSentence(error, ok, m_steps->steps());
    return warnings > 0 ? tr("The connection works, with %n warning(s).", nullptr, warnings)
                        : tr("The connection works: every check passed.");
}

QString CheckConnectorDialog::mailboxVerdict(const Error& error, bool ok) const
{
    const auto& steps = m_steps->steps();
    if (steps.isEmpty())
        return ok
            ? tr("The connection works, but this service did not look at the mailbox: it is used unverified.")
            : tr("The mailbox was not looked at: %1").arg(checkSentence(error, ok, steps));
    for (const Step& step : steps) {
        if (step.outcome == Step::Outcome::Fail)
            return step.detail.isEmpty() ? tr("The mailbox cannot be used.") : step.detail;
    }
    return tr("The mailbox \"%1\" can write to users.").arg(m_connector.notificationAccount);
}

} // namespace postern::connectors
