#include "ui/widgets/FormListInput.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>

#include "ui/widgets/Theme.h"

namespace postern::widgets {

using namespace Qt::StringLiterals;

FormListInput::FormListInput(const FieldText& text, const QString& listName, QWidget* parent)
    : FormField(parent)
    , m_line(new QLineEdit(this))
    , m_list(new QListWidget(this))
    , m_add(new QPushButton(tr("Add", "an entry of a list"), this))
    , m_remove(new QPushButton(tr("Remove", "an entry of a list"), this))
{
    buildRow(text, listName);
    m_list->installEventFilter(this);
    connect(m_line, &QLineEdit::textChanged, this, &FormListInput::typed);
    connect(m_add, &QPushButton::clicked, this, &FormListInput::addTyped);
    connect(m_remove, &QPushButton::clicked, this, &FormListInput::removeSelected);
    connect(m_list, &QListWidget::itemSelectionChanged, this,
        [this] { m_remove->setEnabled(!m_list->selectedItems().isEmpty()); });
}

void FormListInput::buildRow(const FieldText& text, const QString& listName)
{
    auto* row = new QWidget(this);
    auto* grid = new QGridLayout(row);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(spacing::tight);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setTabKeyNavigation(false);
    m_list->setAccessibleName(listName);
    m_list->setMinimumHeight(fontMetrics().height() * 4);
    m_list->setMaximumHeight(fontMetrics().height() * 6);
    //: %1 is the name of a list
    m_add->setAccessibleName(tr("Add to %1").arg(listName));
    m_remove->setAccessibleName(tr("Remove from %1").arg(listName));
    m_add->setAutoDefault(false);
    m_remove->setAutoDefault(false);
    m_add->setEnabled(false);
    m_remove->setEnabled(false);
    grid->addWidget(m_line, 0, 0);
    grid->addWidget(m_add, 0, 1);
    grid->addWidget(m_list, 1, 0);
    grid->addWidget(m_remove, 1, 1, Qt::AlignTop);
    grid->setColumnStretch(0, 1);
    build(text, m_line, row);
}

QStringList FormListInput::entries() const
{
    QStringList entries;
    for (int row = 0; row < m_list->count(); ++row)
        entries.append(m_list->item(row)->text());
    return entries;
}

void FormListInput::setEntries(const QStringList& entries)
{
    m_list->clear();
    m_list->addItems(entries);
    m_line->clear();
    emit edited();
}

void FormListInput::setPlaceholder(const QString& text)
{
    m_line->setPlaceholderText(text);
}

QString FormListInput::complaint() const
{
    const QString text = m_line->text().trimmed();
    if (!text.isEmpty()) {
        const QString wrong = entryComplaint(text);
        return wrong.isEmpty() ? tr("Press Add to take this entry into the list, or clear it.") : wrong;
    }
    return m_listRule ? m_listRule(entries()) : QString();
}

// Return adds, it does not press the dialog's default button while something is typed.
bool FormListInput::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool isReturn = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (watched == m_line && isReturn && !m_line->text().trimmed().isEmpty()) {
            addTyped();
            return true;
        }
        if (watched == m_list && key->key() == Qt::Key_Delete) {
            removeSelected();
            return true;
        }
    }
    // On the way from the line to its Add button nothing is wrong yet.
    if (watched == m_line && event->type() == QEvent::FocusOut && m_add->hasFocus())
        return false;
    return FormField::eventFilter(watched, event);
}

void FormListInput::typed(const QString& text)
{
    m_add->setEnabled(!text.trimmed().isEmpty());
    if (text.contains(u'\n')) {
        addTyped(); // several lines were pasted
        return;
    }
    if (!error().isEmpty())
        validate();
    emit edited();
}

void FormListInput::addTyped()
{
    QStringList refused;
    const QStringList lines = m_line->text().split(u'\n', Qt::SkipEmptyParts);
    QString complaintOfFirst;
    for (const QString& line : lines) {
        const QString entry = line.trimmed();
        if (entry.isEmpty())
            continue;
        const QString wrong = entryComplaint(entry);
        if (wrong.isEmpty())
            m_list->addItem(entry);
        else if (refused.isEmpty())
            complaintOfFirst = wrong;
        if (!wrong.isEmpty())
            refused.append(entry);
    }
    {
        const QSignalBlocker blocker(m_line);
        m_line->setText(refused.value(0)); // the others stay on the clipboard
    }
    m_add->setEnabled(!refused.isEmpty());
    if (refused.size() > 1)
        complaintOfFirst
            += u' ' + tr("%n further line(s) cannot be used either.", nullptr, int(refused.size()) - 1);
    setError(complaintOfFirst);
    m_line->setFocus(Qt::OtherFocusReason);
    emit edited();
}

void FormListInput::removeSelected()
{
    qDeleteAll(m_list->selectedItems());
    if (!error().isEmpty())
        validate();
    emit edited();
}

QString FormListInput::entryComplaint(const QString& entry) const
{
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->text().compare(entry, Qt::CaseInsensitive) == 0)
            return tr("\"%1\" is in the list already.").arg(entry);
    }
    return m_entryRule ? m_entryRule(entry) : QString();
}

} // namespace postern::widgets
