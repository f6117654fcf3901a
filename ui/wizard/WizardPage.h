// One page of a Wizard: its fields, whether they can be used, and what the Summary says of them. Pages host
// the same forms as the properties dialogs. GUI thread.
#pragma once

#include <QWidget>

#include "ui/widgets/FactList.h"

namespace postern::wizard {

class WizardPage : public QWidget
{
    Q_OBJECT
public:
    WizardPage(QString title, QString subtitle, QWidget* parent = nullptr)
        : QWidget(parent)
        , m_title(std::move(title))
        , m_subtitle(std::move(subtitle))
    {
    }

    [[nodiscard]] const QString& title() const { return m_title; }
    [[nodiscard]] const QString& subtitle() const { return m_subtitle; }
    // Silent; Summary is offered when every page answers true.
    [[nodiscard]] virtual bool isAcceptable() const { return true; }
    // Shows what is wrong and puts the keyboard into the first field that is.
    virtual bool validate() { return isAcceptable(); }
    [[nodiscard]] virtual QList<widgets::Fact> summary() const { return {}; }
    // The page becomes visible: where the keyboard goes.
    virtual void enter() { }

signals:
    void edited();

private:
    QString m_title;
    QString m_subtitle;
};

} // namespace postern::wizard
