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
    site::SiteClient& site, Connector connector, QString password, QWidget* parent)
    : QDialog(parent)
    , m_site(site)
    , m_connector(std::move(connector))
    , m_password(std::move(password))
{
    setWindowTitle(tr("Test Connection"));
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
    auto* address = new PlainLabel(m_connector.serverAddress, PlainLabel::Look::Muted, this);
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
    if (m_running)
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
    const auto warned = std::count_if(m_steps->steps().begin(), m_steps->steps().end(),
        [](const Step& step) { return step.outcome == Step::Outcome::Warning; });
    const Tone tone = !ok ? Tone::Bad : warned > 0 ? Tone::Warning : Tone::Good;
    m_mark->setPixmap(icon(toneIconName(tone), tone).pixmap(22, 22));
    m_steps->showFirstFailure();
    if (!ok)
        m_verdict->setText(checkSentence(error, ok, m_steps->steps()));
    else if (warned > 0)
        m_verdict->setText(tr("The connection works, with %n warning(s).", nullptr, int(warned)));
    else
        m_verdict->setText(tr("The connection works: every check passed."));
}

} // namespace postern::connectors
