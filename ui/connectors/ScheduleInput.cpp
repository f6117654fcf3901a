#include "ui/connectors/ScheduleInput.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>
#include <QTimeEdit>

#include "ui/widgets/Theme.h"

namespace postern::connectors {

using Unit = Schedule::Unit;

ScheduleInput::ScheduleInput(QWidget* parent)
    : FormField(parent)
    , m_count(new QSpinBox(this))
    , m_unit(new QComboBox(this))
    , m_at(new QTimeEdit(this))
{
    m_count->setRange(1, 999);
    m_unit->addItem(tr("hours"), int(Unit::Hours));
    m_unit->addItem(tr("days"), int(Unit::Days));
    m_unit->setAccessibleName(tr("Unit of the full synchronization's period"));
    m_at->setDisplayFormat(clockFormat());
    m_at->setAccessibleName(tr("Time of day of the full synchronization"));
    auto* row = new QWidget(this);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(widgets::spacing::normal);
    line->addWidget(m_count);
    line->addWidget(m_unit);
    auto* at = new QLabel(tr("at", "time of day"), row);
    line->addWidget(at);
    line->addWidget(m_at);
    line->addStretch(1);
    build({tr("&Full synchronization, every"),
              tr("Reads all mailboxes and devices of the organization. Local time of the site server.")},
        m_count, row);
    connect(m_count, &QSpinBox::valueChanged, this, &ScheduleInput::valueEdited);
    connect(m_unit, &QComboBox::currentIndexChanged, this, &ScheduleInput::valueEdited);
    connect(m_at, &QTimeEdit::timeChanged, this, &ScheduleInput::valueEdited);
    connect(this, &FormField::edited, at, [this, at] {
        at->setEnabled(schedule().unit == Unit::Days);
        m_at->setEnabled(schedule().unit == Unit::Days);
    });
    setKept(Schedule().toText());
}

void ScheduleInput::setKept(const QString& kept)
{
    const Schedule schedule = parseSchedule(kept).value_or(Schedule());
    m_count->setValue(schedule.count);
    m_unit->setCurrentIndex(m_unit->findData(int(schedule.unit)));
    m_at->setTime(schedule.at);
    m_kept = kept;
    emit edited();
}

QString ScheduleInput::kept() const
{
    return m_kept;
}

Schedule ScheduleInput::schedule() const
{
    return {m_count->value(), Unit(m_unit->currentData().toInt()), m_at->time()};
}

QString ScheduleInput::advice() const
{
    return scheduleAdvice(schedule());
}

void ScheduleInput::valueEdited()
{
    m_kept = schedule().toText();
    validate();
    emit edited();
}

} // namespace postern::connectors
