#include "ui/connectors/CheckPane.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/connectors/CheckConnectorDialog.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using namespace widgets;

CheckPane::CheckPane(QWidget* parent)
    : QWidget(parent)
    , m_sentence(new PlainLabel({}, PlainLabel::Look::Body, this))
    , m_steps(new StepList(this))
    , m_again(new QPushButton(icon(u"test-connection"_s), tr("Run A&gain..."), this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, spacing::normal, 12, spacing::normal);
    m_sentence->setWordWrap(true);
    row->addWidget(m_sentence, 1);
    row->addWidget(m_again);
    column->addLayout(row);
    column->addWidget(m_steps, 1);
    m_steps->setAccessibleName(tr("Last check of this connector"));
    connect(m_again, &QPushButton::clicked, this, &CheckPane::runRequested);
    setNothing();
}

void CheckPane::setNothing()
{
    m_steps->clearSteps();
    m_sentence->setText(tr("Select a connector to see its last check."));
    m_again->setEnabled(false);
}

void CheckPane::setWaiting()
{
    m_steps->clearSteps();
    m_sentence->setText(tr("Reading the last check..."));
    m_again->setEnabled(true);
}

void CheckPane::setLines(const std::vector<CheckResult>& lines, const QDateTime& checkedAt)
{
    m_steps->clearSteps();
    int wrong = 0;
    for (const CheckResult& line : lines) {
        const Step step = stepOf(line);
        wrong += step.outcome == Step::Outcome::Fail || step.outcome == Step::Outcome::Warning ? 1 : 0;
        m_steps->setStep(step);
    }
    m_again->setEnabled(true);
    if (lines.empty()) {
        m_sentence->setText(tr("This connector has not been checked yet."));
        return;
    }
    m_steps->showFirstFailure();
    const QString when = timeText(checkedAt);
    m_sentence->setText(wrong == 0 ? tr("Checked %1: everything that was looked at is right.").arg(when)
                                   : tr("Checked %1: %n line(s) need attention.", nullptr, wrong).arg(when));
}

QString CheckPane::sentence() const
{
    return m_sentence->text();
}

} // namespace postern::connectors
