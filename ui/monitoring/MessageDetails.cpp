#include "ui/monitoring/MessageDetails.h"

#include <QLocale>
#include <QVBoxLayout>

#include "models/items/StatusMessageModel.h"
#include "models/items/VisibleText.h"
#include "ui/widgets/FactList.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::monitoring {

using namespace Qt::StringLiterals;
using items::StatusMessageModel;
using widgets::Fact;
using widgets::PlainLabel;
using widgets::Tone;
namespace spacing = widgets::spacing;

namespace {

// Line breaks are meant here; everything else that hides or reorders text is not.
QString visibleLines(const QString& text)
{
    QStringList lines = QString(text).remove(u'\r').split(u'\n');
    for (QString& line : lines)
        line = items::visibleText(line);
    return lines.join(u'\n');
}

Tone toneOf(Severity severity)
{
    return severity == Severity::Error  ? Tone::Bad
        : severity == Severity::Warning ? Tone::Warning
                                        : Tone::Accent;
}

} // namespace

MessageDetails::MessageDetails(QWidget* parent)
    : QScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setFocusPolicy(Qt::NoFocus);
    setMinimumHeight(100);
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(spacing::wide, spacing::wide, spacing::wide, spacing::wide);
    column->setSpacing(spacing::normal);
    m_text = new PlainLabel({}, PlainLabel::Look::Strong, body);
    m_text->setMessage();
    m_facts = new widgets::FactList(body);
    column->addWidget(m_text);
    column->addWidget(m_facts, 1);
    setWidget(body);
    showMessage(nullptr, 0);
}

void MessageDetails::showMessage(const StatusMessage* message, int selected)
{
    if (message == nullptr) {
        m_text->setText(selected > 1 ? tr("%n messages are selected.", nullptr, selected)
                                     : tr("Select a message to see it in full."));
        m_facts->setFacts({});
        return;
    }
    const auto cell = [message](int column) { return StatusMessageModel::cellText(*message, column); };
    m_text->setText(visibleLines(message->text));
    QList<Fact> facts{{tr("Severity"), cell(StatusMessageModel::SeverityColumn), toneOf(message->severity)},
        {tr("Type"), cell(StatusMessageModel::Type)},
        {tr("Message ID"), cell(StatusMessageModel::MessageNumber)},
        {tr("Date/Time"), QLocale().toString(message->time.toLocalTime(), QLocale::LongFormat)},
        {tr("In UTC"), StatusMessageModel::utcText(message->time)},
        {tr("Component"), cell(StatusMessageModel::Component)},
        {tr("System"), cell(StatusMessageModel::System)},
        {tr("Site code"), cell(StatusMessageModel::SiteCode)}};
    int number = 0;
    for (const QString& argument : message->arguments)
        facts.append({tr("Argument %1").arg(++number), visibleLines(argument)});
    m_facts->setFacts(facts);
}

QString MessageDetails::toText() const
{
    return m_text->text() + u"\n\n"_s + m_facts->toText();
}

} // namespace postern::monitoring
