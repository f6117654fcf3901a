#include "ui/connectors/ScheduleInput.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QSpinBox>
#include <QTimeEdit>
#include <QVBoxLayout>

#include "ui/connectors/ConnectorRules.h"
#include "ui/widgets/FormRadioInput.h"
#include "ui/widgets/Theme.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using Unit = ScheduleText::Unit;

ScheduleInput::ScheduleInput(QWidget* parent)
    : FormField(parent)
    , m_simple(new QRadioButton(tr("Si&mple schedule"), this))
    , m_custom(new QRadioButton(tr("C&ustom schedule"), this))
    , m_count(new QSpinBox(this))
    , m_unit(new QComboBox(this))
    , m_at(new QTimeEdit(this))
    , m_text(new QLineEdit(this))
{
    m_simple->setChecked(true);
    build({tr("&Full synchronization, every"),
              tr("Reads all mailboxes and devices of the organization. Local time of the site server.")},
        m_count, buildRow());
    m_text->installEventFilter(this);
    connect(m_simple, &QRadioButton::toggled, this, &ScheduleInput::modeChosen);
    connect(m_count, &QSpinBox::valueChanged, this, &ScheduleInput::valueEdited);
    connect(m_unit, &QComboBox::currentIndexChanged, this, &ScheduleInput::valueEdited);
    connect(m_at, &QTimeEdit::timeChanged, this, &ScheduleInput::valueEdited);
    connect(m_text, &QLineEdit::textChanged, this, &ScheduleInput::valueEdited);
    setKept(usual().toText());
}

ScheduleText ScheduleInput::usual()
{
    return {1, Unit::Days, QTime(0, 0)};
}

QWidget* ScheduleInput::buildRow()
{
    m_text->setAccessibleName(tr("Custom schedule of the full synchronization"));
    m_text->setPlaceholderText(u"1d@02:30"_s);
    m_text->setMaximumWidth(fontMetrics().averageCharWidth() * 24);
    auto* row = new QWidget(this);
    auto* column = new QVBoxLayout(row);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(widgets::spacing::tight);
    column->addWidget(m_simple);
    column->addWidget(buildSimple());
    column->addWidget(m_custom);
    auto* custom = new QHBoxLayout;
    custom->setContentsMargins(24, 0, 0, 0);
    custom->addWidget(m_text);
    custom->addStretch(1);
    column->addLayout(custom);
    return row;
}

QWidget* ScheduleInput::buildSimple()
{
    m_count->setRange(1, 999);
    m_unit->addItem(tr("hours"), int(Unit::Hours));
    m_unit->addItem(tr("days"), int(Unit::Days));
    m_unit->setAccessibleName(tr("Unit of the full synchronization's period"));
    m_at->setDisplayFormat(clockFormat());
    m_at->setAccessibleName(tr("Time of day of the full synchronization"));
    auto* simple = new QWidget(this);
    auto* line = new QHBoxLayout(simple);
    line->setContentsMargins(24, 0, 0, 0);
    line->setSpacing(widgets::spacing::normal);
    line->addWidget(m_count);
    line->addWidget(m_unit);
    line->addWidget(new QLabel(tr("at", "time of day"), simple));
    line->addWidget(m_at);
    line->addStretch(1);
    return simple;
}

void ScheduleInput::setKept(const QString& kept)
{
    const auto parsed = ScheduleText::parse(kept);
    const bool isSimple = parsed && (parsed->unit == Unit::Hours || parsed->at);
    const ScheduleText shown = parsed.value_or(usual());
    m_loading = true;
    (isSimple ? m_simple : m_custom)->setChecked(true);
    m_count->setValue(shown.count);
    m_unit->setCurrentIndex(m_unit->findData(int(shown.unit)));
    m_at->setTime(shown.at.value_or(QTime(0, 0)));
    m_text->setText(kept);
    m_loading = false;
    m_touched = false;
    m_kept = kept;
    setError({});
    showUsable();
    emit edited();
}

QString ScheduleInput::kept() const
{
    return m_kept;
}

ScheduleText ScheduleInput::schedule() const
{
    return ScheduleText::parse(m_kept).value_or(usual());
}

QString ScheduleInput::complaint() const
{
    return m_custom->isChecked() && m_touched ? scheduleComplaint(m_kept) : QString();
}

QString ScheduleInput::advice() const
{
    return scheduleAdvice(schedule());
}

bool ScheduleInput::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_text && event->type() == QEvent::FocusOut && isVisible())
        validate();
    return FormField::eventFilter(watched, event);
}

// The custom text begins with what the simple one said.
void ScheduleInput::modeChosen()
{
    if (m_loading)
        return;
    if (m_custom->isChecked()) {
        const QSignalBlocker blocker(m_text);
        m_text->setText(m_kept);
    }
    valueEdited();
}

void ScheduleInput::valueEdited()
{
    if (m_loading)
        return;
    m_touched = true;
    if (m_simple->isChecked()) {
        const auto unit = Unit(m_unit->currentData().toInt());
        const ScheduleText chosen{
            m_count->value(), unit, unit == Unit::Days ? std::optional<QTime>(m_at->time()) : std::nullopt};
        m_kept = chosen.toText();
    } else {
        m_kept = m_text->text().trimmed();
    }
    showUsable();
    if (m_simple->isChecked() || !error().isEmpty())
        validate();
    emit edited();
}

void ScheduleInput::showUsable()
{
    const bool isSimple = m_simple->isChecked();
    m_count->setEnabled(isSimple);
    m_unit->setEnabled(isSimple);
    m_at->setEnabled(isSimple && m_unit->currentData().toInt() == int(Unit::Days));
    m_text->setEnabled(!isSimple);
    widgets::tabToChosen({m_simple, m_custom});
}

} // namespace postern::connectors
