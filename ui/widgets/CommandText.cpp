#include "ui/widgets/CommandText.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::widgets {

using namespace Qt::StringLiterals;

CommandText::CommandText(const QString& accessibleName, QWidget* parent)
    : QWidget(parent)
    , m_note(new PlainLabel({}, PlainLabel::Look::Muted, this))
    , m_text(new QPlainTextEdit(this))
    , m_copy(new QPushButton(icon(u"copy"_s), tr("Copy Comman&ds"), this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::tight);
    m_note->setWordWrap(true);
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setAccessibleName(accessibleName);
    m_text->setMinimumHeight(fontMetrics().height() * 5);
    m_copy->setAutoDefault(false);
    column->addWidget(m_note);
    column->addWidget(m_text, 1);
    column->addWidget(m_copy, 0, Qt::AlignLeading);
    connect(m_copy, &QPushButton::clicked, this, &CommandText::copy);
    setWaiting();
}

void CommandText::setWaiting()
{
    m_commands.clear();
    m_note->setText(tr("Asking the service which commands will run..."));
    m_note->show();
    m_text->hide();
    m_copy->hide();
}

void CommandText::setCommands(const QStringList& commands, const QString& textWhenNone)
{
    m_commands = commands;
    m_note->setText(textWhenNone);
    m_note->setVisible(commands.isEmpty());
    m_text->setPlainText(commands.join(u'\n'));
    m_text->setVisible(!commands.isEmpty());
    m_copy->setVisible(!commands.isEmpty());
}

void CommandText::copy()
{
    QGuiApplication::clipboard()->setText(m_commands.join(u'\n') + u'\n');
}

} // namespace postern::widgets
