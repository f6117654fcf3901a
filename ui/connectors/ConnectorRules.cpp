#include "ui/connectors/ConnectorRules.h"

#include <QCoreApplication>
#include <QFile>
#include <QLocale>
#include <QRegularExpression>
#include <QUrl>

namespace postern::connectors {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(ConnectorRules)
};

bool hasScheme(const QString& typed)
{
    return typed.contains("://"_L1);
}

QUrl urlOf(const QString& typed, Authentication authentication)
{
    if (hasScheme(typed))
        return QUrl(typed, QUrl::StrictMode);
    const auto scheme = authentication == Authentication::Basic ? "https://"_L1 : "http://"_L1;
    return QUrl(scheme + typed, QUrl::StrictMode);
}

bool isIpLiteral(const QString& host)
{
    static const QRegularExpression ipv4(u"^[0-9]+(\\.[0-9]+){0,3}$"_s);
    return host.contains(u':') || ipv4.match(host).hasMatch();
}

bool isHostName(const QString& host)
{
    static const QRegularExpression label(u"^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$"_s);
    if (host.isEmpty() || host.size() > 253)
        return false;
    const QStringList labels = host.split(u'.');
    return std::all_of(
        labels.begin(), labels.end(), [](const QString& part) { return label.match(part).hasMatch(); });
}

QString urlComplaint(const QUrl& url, Authentication authentication)
{
    if (!url.isValid() || url.host().isEmpty())
        return Texts::tr("This is not an address. Enter a host name, or an address such as "
                         "https://ex1.contoso.com/PowerShell/.");
    if (url.scheme() != "http"_L1 && url.scheme() != "https"_L1)
        return Texts::tr("The address must start with http:// or https://.");
    if (!url.userInfo().isEmpty())
        return Texts::tr("Leave user name and password out of the address; they belong on the Account page.");
    if (url.hasQuery() || url.hasFragment())
        return Texts::tr(
            "The address ends with its path, such as /PowerShell/; leave out what follows \"?\" or \"#\".");
    const bool ip = isIpLiteral(url.host());
    if (!ip && !isHostName(QString::fromLatin1(QUrl::toAce(url.host()))))
        return Texts::tr("\"%1\" is not a host name.").arg(url.host());
    if (ip && authentication == Authentication::Negotiate)
        return Texts::tr("Kerberos needs the server's name: an IP address cannot be used with Negotiate.");
    if (url.scheme() == "http"_L1 && authentication == Authentication::Basic)
        return Texts::tr("Basic authentication sends the password, so the address must start with https://.");
    return {};
}

} // namespace

QString scheduleSentence(const ScheduleText& schedule)
{
    if (schedule.unit == ScheduleText::Unit::Hours)
        return Texts::tr("Every %n hour(s)", nullptr, schedule.count);
    if (!schedule.at)
        return Texts::tr("Every %n day(s)", nullptr, schedule.count);
    //: %1 is a time of day
    return Texts::tr("Every %n day(s) at %1", nullptr, schedule.count)
        .arg(QLocale().toString(*schedule.at, clockFormat()));
}

QString scheduleSentence(const QString& stored)
{
    const auto schedule = ScheduleText::parse(stored);
    return schedule ? scheduleSentence(*schedule) : stored;
}

QString clockFormat()
{
    static const QRegularExpression seconds(u"[:.]ss?"_s); // the C locale's short format has them
    return QLocale().timeFormat(QLocale::ShortFormat).remove(seconds);
}

QString nameComplaint(const QString& name)
{
    if (name.isEmpty())
        return Texts::tr("Enter a name for this connector.");
    if (name.size() > 128)
        return Texts::tr("The name may have at most 128 characters.");
    const bool control
        = std::any_of(name.begin(), name.end(), [](QChar c) { return c.category() == QChar::Other_Control; });
    return control ? Texts::tr("The name may not contain control characters.") : QString();
}

QString addressComplaint(const QString& typed, Authentication authentication)
{
    if (typed.isEmpty())
        return Texts::tr("Enter the Client Access server: its full name, or an address such as "
                         "https://ex1.contoso.com/PowerShell/.");
    return urlComplaint(urlOf(typed, authentication), authentication);
}

QString addressAdvice(const QString& typed, Authentication authentication)
{
    if (typed.isEmpty() || !addressComplaint(typed, authentication).isEmpty())
        return {};
    const QString host = urlOf(typed, authentication).host();
    if (!host.contains(u'.') && !host.contains(u':') && host != "localhost"_L1)
        return Texts::tr("Kerberos and certificates use the full name, such as %1.contoso.com.").arg(host);
    return {};
}

QString expandedAddress(const QString& typed, Authentication authentication)
{
    if (!addressComplaint(typed, authentication).isEmpty())
        return typed;
    QUrl url = urlOf(typed, authentication);
    if (url.path().isEmpty() || url.path() == "/"_L1)
        url.setPath(u"/PowerShell/"_s);
    return url.toString();
}

QString fileComplaint(const QString& path)
{
    if (path.isEmpty())
        return {};
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Texts::tr("The file cannot be read: %1").arg(file.errorString());
    const QByteArray start = file.read(1024 * 1024);
    if (!start.contains("-----BEGIN CERTIFICATE-----"))
        return Texts::tr("The file holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).");
    return {};
}

QString serverComplaint(const QString& typed)
{
    if (typed.isEmpty())
        return Texts::tr("Enter the server's full name, such as ex2.contoso.com.");
    if (hasScheme(typed))
        return urlComplaint(QUrl(typed, QUrl::StrictMode), Authentication::Negotiate);
    const QString host = typed.section(u':', 0, 0);
    if (typed.count(u':') > 1 || isIpLiteral(host))
        return Texts::tr("Kerberos needs the server's name: an IP address cannot be used.");
    return isHostName(QString::fromLatin1(QUrl::toAce(host)))
        ? QString()
        : Texts::tr("\"%1\" is not a host name.").arg(host);
}

QString mailComplaint(const QString& address)
{
    static const QRegularExpression form(
        u"^[^\\s@<>()\\[\\],;:\"]+@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z0-9-]{2,}$"_s);
    if (address.isEmpty() || form.match(address).hasMatch())
        return {};
    return Texts::tr("\"%1\" is not an e-mail address, such as postern@contoso.com.").arg(address);
}

QString ewsComplaint(const QString& address)
{
    if (address.isEmpty())
        return {};
    const QUrl url(address, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return Texts::tr("This is not an address, such as https://mail.contoso.com/EWS/Exchange.asmx.");
    if (url.scheme() != "https"_L1)
        return Texts::tr("The address must start with https://.");
    if (!url.userInfo().isEmpty())
        return Texts::tr("Leave user name and password out of the address.");
    return {};
}

QString rangeComplaint(int value, int low, int high, const QString& zeroIs)
{
    if ((value >= low && value <= high) || (value == 0 && !zeroIs.isEmpty()))
        return {};
    const QLocale locale;
    const QString range = Texts::tr("Enter %1 to %2").arg(locale.toString(low), locale.toString(high));
    //: %1 is "Enter 4 to 16", %2 what zero means: "Unlimited"
    return zeroIs.isEmpty() ? Texts::tr("%1.").arg(range) : Texts::tr("%1, or 0 for: %2.").arg(range, zeroIs);
}

QString scheduleComplaint(const QString& typed)
{
    if (typed.isEmpty())
        return Texts::tr("Enter a schedule: without one no phone is ever found.");
    if (!ScheduleText::parse(typed))
        return Texts::tr(
            "Enter it as 12h (every 12 hours), 2d (every 2 days) or 1d@02:30 (every day at 02:30).");
    return {};
}

QString deltaComplaint(int minutes, const ScheduleText& full)
{
    if (minutes == 0)
        return {};
    if (minutes < 15 || minutes > 1439)
        return Texts::tr("Enter 15 to 1439 minutes, or 0 to switch it off.");
    if (minutes > full.periodMinutes())
        return Texts::tr("The interval is longer than the full synchronization's period.");
    return {};
}

QString deltaAdvice(int minutes)
{
    if (minutes == 0)
        return Texts::tr(
            "Off: new phones and changed states are seen only at the next full synchronization.");
    if (minutes >= 15 && minutes < 60)
        return Texts::tr("Less than 60 minutes puts load on Exchange.");
    return {};
}

QString scheduleAdvice(const ScheduleText& full)
{
    if (full.periodMinutes() < 4 * 60)
        return Texts::tr("A full synchronization reads every mailbox; more often than every 4 hours puts "
                         "load on Exchange.");
    return {};
}

} // namespace postern::connectors
