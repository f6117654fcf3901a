// A set of FormFields that is checked as one: validate() shows every complaint and puts the keyboard into the
// first field that has one. GUI thread.
#pragma once

#include <QList>
#include <QWidget>

class QVBoxLayout;

namespace postern::widgets {

class FormField;
class PlainLabel;

class Form : public QWidget
{
    Q_OBJECT
public:
    explicit Form(QWidget* parent = nullptr);
    virtual bool validate();
    [[nodiscard]] virtual bool isAcceptable() const;
    virtual void focusFirst();
    [[nodiscard]] const QList<FormField*>& fields() const { return m_fields; }

signals:
    void edited();

protected:
    template <class Field> Field* add(Field* field)
    {
        addField(field);
        return field;
    }
    void addField(FormField* field);
    void addHeading(const QString& text);
    PlainLabel* addNote(const QString& text);
    void addWidget(QWidget* widget, int stretch = 0, Qt::Alignment alignment = {}); // what is no field
    void addStretch();

private:
    QVBoxLayout* m_column;
    QList<FormField*> m_fields;
};

} // namespace postern::widgets
