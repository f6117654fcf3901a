// The Devices page alone on a generated organisation, to look at and to try: devices_preview [--dark]
// [--hostile]
// [--live] [--picture FILE] [NUMBER]. --live changes a thousand devices ten times a second; --picture saves a
// picture of the page with a device selected and the two Exchange columns added, and ends.
#include <QApplication>
#include <QElapsedTimer>
#include <QShortcut>
#include <QTimer>

#include "models/frame/DeviceFrameBuilder.h"
#include "tests/support/DeviceFactory.h"
#include "tests/ui/devices/FrameSite.h"
#include "ui/devices/DevicesPage.h"
#include "ui/grid/GridView.h"
#include "ui/widgets/Theme.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;

namespace {

void addHostile(frame::DeviceFrameBuilder& builder)
{
    using C = frame::DeviceColumn;
    builder.apply(aDevice(1).named(u"<b>bold</b> <img src=x>").blocked().row());
    builder.apply(aDevice(2).named(u"line\nbreak\ttab\0zero").row());
    builder.apply(aDevice(3).named(u"\u202Egpj.exe").of(u"\u2066isolate").row());
    builder.apply(aDevice(4).named(u"=HYPERLINK(\"http://x\")").of(u"שלום עולם").row());
    builder.apply(aDevice(5).named(u"👩\u200D💻 Zoë's 手机").set(C::EmailAddress, QString(3000, u'W')).row());
}

void prepareForPicture(devices::DevicesPage& page)
{
    page.grid().setColumnVisible(int(frame::DeviceColumn::AccessState), true);
    page.grid().setColumnVisible(int(frame::DeviceColumn::LastSuccessSync), true);
    page.grid().setColumnVisible(int(frame::DeviceColumn::ClientType), false);
    page.grid().selectKeys({16}, 16);
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    widgets::applyTheme(application,
        arguments.contains(u"--dark"_s) ? widgets::ThemeChoice::Dark : widgets::ThemeChoice::Light);
    const qint64 count = std::max(0, arguments.last().toInt());
    frame::DeviceFrameBuilder builder;
    for (qint64 n = 1; n <= count; ++n)
        builder.apply(organisationDevice(n).row());
    if (arguments.contains(u"--hostile"_s))
        addHostile(builder);

    FrameSite site;
    site.show(builder.publish());
    devices::DevicesPage page(site);
    page.setNow([] { return testNow().toMSecsSinceEpoch(); });
    page.setWindowTitle(u"Devices preview"_s);
    QObject::connect(new QShortcut(QKeySequence(u"Ctrl+L"_s), &page), &QShortcut::activated, &page,
        &devices::DevicesPage::focusSearch);
    page.resize(1280, 800);
    page.show();

    QTimer live;
    qint64 round = 0;
    QObject::connect(&live, &QTimer::timeout, &page, [&] {
        ++round;
        for (qint64 i = 0; i < std::min<qint64>(count, 1000); ++i)
            builder.apply(organisationDevice(1 + (i * 97 + round * 13) % count).blocked().row());
        site.show(builder.publish());
    });
    if (arguments.contains(u"--live"_s) && count > 0)
        live.start(100);
    const qsizetype picture = arguments.indexOf(u"--picture"_s);
    if (picture < 0)
        return QApplication::exec();
    QElapsedTimer waited;
    waited.start();
    while (!page.isSettled() && waited.elapsed() < 20'000)
        QApplication::processEvents(QEventLoop::WaitForMoreEvents, 100);
    prepareForPicture(page);
    QApplication::processEvents(); // layouts of what was just filled in
    return page.grab().save(arguments.value(picture + 1)) ? 0 : 1;
}
