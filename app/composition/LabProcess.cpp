#include "app/composition/LabProcess.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace postern::composition {

Expected<LabAddresses> labAddressesFromJson(const QByteArray& line)
{
    QJsonParseError parseError;
    const QJsonObject json = QJsonDocument::fromJson(line, &parseError).object();
    const QString origin = u"what postern-lab printed"_s;
    if (parseError.error != QJsonParseError::NoError)
        return fail(ErrorCode::Malformed,
            u"%1 at offset %2"_s.arg(parseError.errorString()).arg(parseError.offset), origin);
    LabAddresses lab;
    lab.exchangeUrl = json["exchange"_L1].toObject()["url"_L1].toString();
    lab.caFile = json["caFile"_L1].toString();
    lab.organization = json["organization"_L1].toString();
    lab.users = json["users"_L1].toInt();
    lab.devices = json["devices"_L1].toInt();
    const QJsonObject account = json["accounts"_L1].toArray().first().toObject();
    lab.user = account["user"_L1].toString();
    lab.password = account["password"_L1].toString();
    const QJsonObject cloud = json["cloud"_L1].toObject();
    lab.tenant = cloud["tenant"_L1].toString();
    lab.clientId = cloud["clientId"_L1].toString();
    lab.clientSecret = cloud["clientSecret"_L1].toString();
    lab.authority = cloud["authority"_L1].toString();
    lab.graphUrl = cloud["graphUrl"_L1].toString();
    if (lab.exchangeUrl.isEmpty() || lab.user.isEmpty())
        return fail(ErrorCode::Malformed, u"exchange.url or accounts[0].user is missing"_s, origin);
    return lab;
}

LabProcess::LabProcess(QObject* parent)
    : QObject(parent)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &LabProcess::readOutput);
    connect(&m_process, &QProcess::finished, this, &LabProcess::ended);
    connect(&m_process, &QProcess::errorOccurred, this, [this] { failOnce(m_process.errorString()); });
}

LabProcess::~LabProcess()
{
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(3000)) // the program is ending: nothing else is left to do on this thread
        m_process.kill();
    m_process.waitForFinished(1000);
}

void LabProcess::start(const QStringList& arguments)
{
    m_process.start(
        QCoreApplication::applicationDirPath() + u"/postern-lab"_s, arguments, QIODevice::ReadOnly);
}

void LabProcess::readOutput()
{
    m_output += m_process.readAllStandardOutput();
    const qsizetype end = m_output.indexOf('\n');
    if (end < 0 || m_answered)
        return;
    const Expected<LabAddresses> lab = labAddressesFromJson(m_output.left(end));
    m_answered = true;
    if (lab)
        emit ready(*lab);
    else
        emit failed(lab.error());
}

void LabProcess::ended(int exitCode)
{
    failOnce(tr("it ended with status %1").arg(exitCode));
}

void LabProcess::failOnce(const QString& detail)
{
    if (m_answered)
        return;
    m_answered = true;
    emit failed(Error{ErrorCode::Internal, detail, u"postern-lab"_s});
}

} // namespace postern::composition
