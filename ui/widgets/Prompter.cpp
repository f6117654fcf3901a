#include "ui/widgets/Prompter.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>

namespace postern::widgets {

using namespace Qt::StringLiterals;

bool DialogMessagePrompter::ask(QWidget* parent, const Question& question)
{
    QMessageBox box(parent);
    box.setIcon(question.dangerous ? QMessageBox::Warning : QMessageBox::Question);
    box.setWindowTitle(question.title);
    box.setTextFormat(Qt::PlainText);
    box.setText(question.text);
    box.setInformativeText(question.detail);
    // setTextFormat() does not reach it (Qt 6.4), and it shows names that came from a server.
    if (auto* detail = box.findChild<QLabel*>(u"qt_msgbox_informativelabel"_s))
        detail->setTextFormat(Qt::PlainText);
    auto* yes = box.addButton(question.yes, QMessageBox::YesRole);
    auto* no = box.addButton(QCoreApplication::translate("MessagePrompter", "&No"), QMessageBox::NoRole);
    box.setDefaultButton(question.dangerous ? no : yes);
    box.setEscapeButton(no);
    box.exec();
    return box.clickedButton() == yes;
}

void DialogMessagePrompter::tell(QWidget* parent, const QString& title, const QString& text)
{
    QMessageBox box(QMessageBox::Information, title, text, QMessageBox::Ok, parent);
    box.setTextFormat(Qt::PlainText);
    box.exec();
}

QString DialogFilePrompter::openFile(QWidget* parent, const QString& title, const QString& filter)
{
    return QFileDialog::getOpenFileName(parent, title, {}, filter);
}

QString DialogFilePrompter::saveFile(
    QWidget* parent, const QString& title, const QString& suggested, const QString& filter)
{
    return QFileDialog::getSaveFileName(parent, title, suggested, filter);
}

} // namespace postern::widgets
