// A list of texts as one field: a line to type into, Add, the list, Remove. Several lines that are pasted
// become several entries. An entry is checked before it is taken; one that was typed and not added is an
// error when the field is left for good (validate()), so that nothing typed is lost unseen. GUI thread.
#pragma once

#include <QStringList>

#include "ui/widgets/FormField.h"

class QLineEdit;
class QListWidget;
class QPushButton;

namespace postern::widgets {

class FormListInput : public FormField
{
    Q_OBJECT
public:
    using EntryRule = std::function<QString(const QString& entry)>;
    using ListRule = std::function<QString(const QStringList& entries)>;
    // `listName`: what the list is called to people who do not see it.
    FormListInput(const FieldText& text, const QString& listName, QWidget* parent = nullptr);
    [[nodiscard]] QStringList entries() const;
    void setEntries(const QStringList& entries);
    void setPlaceholder(const QString& text);
    void setEntryRule(EntryRule rule) { m_entryRule = std::move(rule); }
    void setListRule(ListRule rule) { m_listRule = std::move(rule); }

protected:
    [[nodiscard]] QString complaint() const override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildRow(const FieldText& text, const QString& listName);
    void typed(const QString& text);
    void addTyped();
    void removeSelected();
    [[nodiscard]] QString entryComplaint(const QString& entry) const;

    QLineEdit* m_line;
    QListWidget* m_list;
    QPushButton* m_add;
    QPushButton* m_remove;
    EntryRule m_entryRule;
    ListRule m_listRule;
};

} // namespace postern::widgets
