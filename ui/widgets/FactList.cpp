#include "ui/widgets/FactList.h"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/Toast.h"

namespace postern::widgets {

using namespace Qt::StringLiterals;

FactList::FactList(QWidget* parent)
    : QWidget(parent)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addStretch(1);
}

void FactList::setFacts(const QList<Fact>& facts)
{
    if (m_body != nullptr && facts == m_facts)
        return;
    m_facts = facts;
    delete m_body;
    m_body = new QWidget(this);
    m_grid = new QGridLayout(m_body);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(spacing::wide);
    m_grid->setVerticalSpacing(6);
    m_grid->setColumnStretch(1, 1);
    int row = 0;
    for (const Fact& fact : facts)
        addLine(row++, fact);
    static_cast<QVBoxLayout*>(layout())->insertWidget(0, m_body);
}

void FactList::addLine(int row, const Fact& fact)
{
    if (fact.isHeading) {
        auto* heading = new PlainLabel(fact.name, PlainLabel::Look::Strong, m_body);
        heading->setContentsMargins(0, row == 0 ? 0 : spacing::normal, 0, 0);
        m_grid->addWidget(heading, row, 0, 1, 2);
        return;
    }
    auto* name = new PlainLabel(fact.name, PlainLabel::Look::Muted, m_body);
    m_grid->addWidget(name, row, 0, Qt::AlignTop | Qt::AlignLeading);
    auto* value = new PlainLabel(fact.value, PlainLabel::Look::Body, m_body);
    value->setMessage();
    if (!isRightToLeft()) // an Arabic name in a list that is read from the left stands beside its label
        value->setAlignment(Qt::AlignLeft | Qt::AlignVCenter | Qt::AlignAbsolute);
    value->setAccessibleName(u"%1: %2"_s.arg(fact.name, fact.value));
    if (fact.tone == Tone::Neutral) {
        m_grid->addWidget(value, row, 1);
        return;
    }
    auto* cell = new QWidget(m_body);
    auto* line = new QHBoxLayout(cell);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(spacing::tight);
    auto* mark = new QLabel(cell);
    mark->setPixmap(icon(toneIconName(fact.tone), fact.tone).pixmap(16, 16));
    line->addWidget(mark, 0, Qt::AlignTop);
    line->addWidget(value, 1);
    m_grid->addWidget(cell, row, 1);
}

QString FactList::toText() const
{
    QString text;
    for (const Fact& fact : m_facts)
        text += fact.isHeading ? u"%1\n"_s.arg(fact.name) : u"%1: %2\n"_s.arg(fact.name, fact.value);
    return text;
}

} // namespace postern::widgets
