#include "ui/cloud/TenantCheckDialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/base/ErrorText.h"
#include "services/site/SiteClient.h"
#include "ui/cloud/TenantTexts.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/StepList.h"
#include "ui/widgets/Toast.h"

namespace postern::cloud {

using namespace Qt::StringLiterals;
using namespace widgets;

TenantCheckDialog::TenantCheckDialog(
    site::SiteClient& site, Tenant tenant, QString credential, QWidget* parent)
    : QDialog(parent)
    , m_site(site)
    , m_tenant(std::move(tenant))
    , m_credential(std::move(credential))
{
    setWindowTitle(tr("Test Connection"));
    setWindowIcon(icon(u"test-connection"_s));
    build();
    resize(780, 560);
    connect(&m_site, &site::SiteClient::tenantCheckReported, this, &TenantCheckDialog::lineReported);
    connect(&m_site, &site::SiteClient::tenantCheckFinished, this, &TenantCheckDialog::checkEnded);
    startCheck();
}

QString TenantCheckDialog::verdict() const
{
    return m_verdict->text();
}

void TenantCheckDialog::done(int result)
{
    if (std::exchange(m_running, false))
        m_site.stopTenantCheck();
    QDialog::done(result);
}

void TenantCheckDialog::build()
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
    m_bar = new QProgressBar(this);
    m_bar->setRange(0, 0);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Test in progress"));
    column->addWidget(m_bar);
    m_steps = new StepList(this);
    column->addWidget(m_steps, 1);
    column->addWidget(buildButtons());
}

QWidget* TenantCheckDialog::buildButtons()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    auto* copy = new QPushButton(icon(u"copy"_s), tr("C&opy"), bar);
    m_again = new QPushButton(icon(u"refresh"_s), tr("&Test Again"), bar);
    m_close = new QPushButton(tr("Close"), bar);
    for (auto* button : {copy, m_again})
        button->setAutoDefault(false);
    m_close->setDefault(true);
    connect(copy, &QPushButton::clicked, m_steps, &StepList::copy);
    connect(m_again, &QPushButton::clicked, this, &TenantCheckDialog::startCheck);
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    row->addWidget(copy);
    row->addWidget(m_again);
    row->addStretch(1);
    row->addWidget(m_close);
    return bar;
}

void TenantCheckDialog::startCheck()
{
    m_running = true;
    m_lines.clear();
    m_steps->clearSteps();
    m_mark->setPixmap(icon(u"waiting"_s, Tone::Accent).pixmap(22, 22));
    m_verdict->setText(tr("Testing \"%1\"...").arg(m_tenant.name));
    m_bar->show();
    m_again->setEnabled(false);
    m_close->setText(tr("Cancel"));
    m_site.checkTenant(m_tenant, m_credential);
}

void TenantCheckDialog::lineReported(const postern::CheckResult& line)
{
    if (!m_running)
        return;
    m_lines.push_back(line);
    m_steps->setStep(stepOf(line));
}

void TenantCheckDialog::checkEnded(const postern::Error& error, bool ok)
{
    if (!std::exchange(m_running, false))
        return;
    m_bar->hide();
    m_again->setEnabled(true);
    m_close->setText(tr("Close"));
    const bool warned = std::ranges::any_of(
        m_steps->steps(), [](const Step& step) { return step.outcome == Step::Outcome::Warning; });
    const Tone tone = !ok ? Tone::Bad : warned ? Tone::Warning : Tone::Good;
    m_mark->setPixmap(icon(toneIconName(tone), tone).pixmap(22, 22));
    m_steps->showFirstFailure();
    m_verdict->setText(sentenceFor(error, ok));
}

QString TenantCheckDialog::sentenceFor(const postern::Error& error, bool ok) const
{
    const QStringList missing = missingPermissions(m_lines);
    if (ok) {
        return missing.isEmpty()
            ? tr("The connection works: every permission is granted.")
            : tr("The connection works. Not granted, with features lost: %1.").arg(missing.join(u", "_s));
    }
    if (!missing.isEmpty())
        return tr("Missing permissions: %1.").arg(missing.join(u", "_s));
    for (const CheckResult& line : m_lines) {
        if (line.outcome == CheckResult::Outcome::Fail && line.required)
            //: %1 what was checked, %2 what is wrong with it
            return tr("%1: %2").arg(line.name, line.detail);
    }
    return ErrorText::sentence(error);
}

} // namespace postern::cloud
