// Component Status and Status Messages alone, to look at: monitoring_preview [--dark] [--hostile] --picture
// FILE-WITHOUT-SUFFIX. Writes FILE-components.png, FILE-messages.png and FILE-empty.png, and ends.
#include <QApplication>
#include <QPushButton>

#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "ui/grid/GridView.h"
#include "ui/monitoring/ComponentStatusPage.h"
#include "ui/monitoring/StatusMessagesView.h"
#include "ui/monitoring/StatusMessagesWindow.h"
#include "ui/widgets/Theme.h"

using namespace Qt::StringLiterals;
using namespace postern;

namespace {

void fillSite(test::FakeSiteClient& site, bool hostile)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    qint64 id = 0;
    const auto say = [&](Severity severity, int number, int minutesAgo, const QString& text) {
        StatusMessage message = test::aMessage(++id, severity, number, now.addSecs(-60 * minutesAgo));
        message.text = text;
        site.addMessage(message);
    };
    say(Severity::Information, 1015, 1300, u"Component SMS_EXCHANGE_CONNECTOR was installed for Lab."_s);
    for (int hour = 20; hour > 0; hour -= 4) {
        say(Severity::Information, 30003, 60 * hour,
            u"Delta synchronization of connector Lab completed: 14 devices read, 2 changed, in 3.1 seconds."_s);
    }
    say(Severity::Information, 30001, 240, u"Full synchronization of connector Lab started."_s);
    say(Severity::Warning, 30007, 239, u"Exchange asked to wait 12.0 seconds before Get-MobileDevice."_s);
    say(Severity::Information, 30002, 232,
        u"Full synchronization of connector Lab completed: 700 devices of 500 mailboxes, in 412.3 seconds."_s);
    say(Severity::Error, 30009, 12,
        u"The account CONTOSO\\svc-postern was refused by https://ex1.contoso.lab/PowerShell/.\n"
        u"Enter its password in the connector's properties."_s);
    if (hostile) {
        say(Severity::Error, 30004, 5, u"<b>bold</b> \u202Egpj.exe \t tab"_s);
        say(Severity::Warning, 30004, 4, QString(3000, u'W'));
    }
}

bool picture(QWidget& widget, const QString& path)
{
    QApplication::processEvents(); // layouts of what was just filled in
    return widget.grab().save(path);
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    widgets::applyTheme(application,
        arguments.contains(u"--dark"_s) ? widgets::ThemeChoice::Dark : widgets::ThemeChoice::Light);
    test::FakePrompter prompter;
    test::FakeSiteClient site;
    auto* empty = new monitoring::StatusMessagesWindow(site, prompter, {});
    empty->show();
    fillSite(site, arguments.contains(u"--hostile"_s));
    monitoring::ComponentStatusPage page(site);
    page.resize(1080, 600);
    page.show();
    page.focusMain();
    auto* window
        = new monitoring::StatusMessagesWindow(site, prompter, {u"SMS_EXCHANGE_CONNECTOR"_s, {}, {}});
    window->view().setPeriod(monitoring::ViewingPeriod::Day);
    window->show();
    window->view().grid().selectSomething();
    const qsizetype at = arguments.indexOf(u"--picture"_s);
    if (at < 0)
        return QApplication::exec();
    const QString base = arguments.value(at + 1);
    empty->view().feed().setNow([] { return QDateTime::currentDateTimeUtc().addDays(9); });
    const bool ok = picture(page, base + u"-components.png"_s) && picture(*window, base + u"-messages.png"_s)
        && picture(*empty, base + u"-empty.png"_s);
    delete window;
    delete empty;
    return ok ? 0 : 1;
}
