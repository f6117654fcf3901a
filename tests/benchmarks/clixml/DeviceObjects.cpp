#include "tests/benchmarks/clixml/DeviceObjects.h"

#include <QUuid>

#include "services/psrp/Fragment.h"
#include "services/psrp/Message.h"

namespace postern::benchmarks {

namespace {

class ObjectText
{
public:
    explicit ObjectText(int number)
        : m_number(quint32(number))
    {
        m_out.reserve(2600);
    }

    void text(const char* name, const QByteArray& value) { element("S", name, value); }
    void element(const char* tag, const char* name, const QByteArray& value)
    {
        m_out.append('<')
            .append(tag)
            .append(" N=\"")
            .append(name)
            .append("\">")
            .append(value)
            .append("</")
            .append(tag)
            .append('>');
    }
    void nil(const char* name) { m_out.append("<Nil N=\"").append(name).append("\" />"); }
    void date(const char* name, quint32 salt)
    {
        const quint32 r = random(salt);
        element("DT", name,
            "2026-0" + QByteArray::number(1 + r % 9) + "-1" + QByteArray::number(r / 9 % 10) + "T1"
                + QByteArray::number(r / 90 % 10) + ":2" + QByteArray::number(r / 900 % 10) + ":3"
                + QByteArray::number(r / 9000 % 10) + ".12" + QByteArray::number(r % 100000 + 100000).mid(1)
                + "Z");
    }
    void enumeration(const char* name, const char* type, const char* value, int number)
    {
        beginObject(name);
        if (m_enumTypes == 0) {
            m_out.append("<TN RefId=\"1\"><T>")
                .append(type)
                .append("</T><T>System.Enum</T><T>System.ValueType</T><T>System.Object</T></TN>");
            ++m_enumTypes;
        } else {
            m_out.append("<TNRef RefId=\"1\" />");
        }
        m_out.append("<ToString>")
            .append(value)
            .append("</ToString><I32>")
            .append(QByteArray::number(number))
            .append("</I32></Obj>");
    }
    void beginObject(const char* name)
    {
        m_out.append("<Obj N=\"")
            .append(name)
            .append("\" RefId=\"")
            .append(QByteArray::number(++m_refId))
            .append("\">");
    }
    QByteArray& out() { return m_out; }
    [[nodiscard]] int refId() const { return m_refId; }
    [[nodiscard]] quint32 random(quint32 salt) const
    {
        quint32 x = m_number * 2654435761u + salt * 40503u + 1;
        x ^= x >> 15;
        x *= 2246822519u;
        return x ^ x >> 13;
    }
    [[nodiscard]] QByteArray hex(quint32 salt, int digits) const
    {
        return QByteArray::number(0x100000000ull + random(salt), 16).right(digits).toUpper();
    }

private:
    quint32 m_number;
    QByteArray m_out;
    int m_refId = 0;
    int m_enumTypes = 0;
};

struct Model
{
    const char* friendly;
    const char* type;
    const char* model;
    const char* os;
    const char* agent;
};

constexpr std::array<Model, 4> kModels{{
    {"iPhone 15 Pro", "iPhone", "iPhone16C1", "iOS 18.3.1 22D72", "Apple-iPhone16C1/2204.72"},
    {"Annas_x0020_Galaxy &amp; Co", "SamsungDevice", "SM-S921B", "Android 15",
        "Android-SAMSUNG-SM-S921B/101.15"},
    {"Pixel 9", "Android", "Pixel 9", "Android 15", "Outlook-Android/2.0"},
    {"iPad J\xC3\xBCrgen", "iPad", "iPad14C3", "iPadOS 18.2 22C152", "Apple-iPad14C3/2203.152"},
}};

void writeDevice(ObjectText& object, const Model& model, const QByteArray& user)
{
    const QByteArray id = QByteArray("Appl") + object.hex(1, 8) + object.hex(2, 8);
    const QByteArray name = QByteArray(model.type) + "\xC2\xA7" + id;
    const QByteArray distinguished
        = "CN=" + name + ",CN=ExchangeActiveSyncDevices,CN=" + user + ",OU=Staff,DC=contoso,DC=lab";
    object.text("FriendlyName", model.friendly);
    object.text("DeviceId", id);
    object.text(
        "DeviceImei", "35" + QByteArray::number(object.random(3) % 10'000'000 + 10'000'000) + "31234");
    object.text("DeviceMobileOperator", "Contoso Mobile");
    object.text("DeviceOS", model.os);
    object.text("DeviceOSLanguage", "en");
    object.text("DeviceTelephoneNumber", "******" + QByteArray::number(object.random(4) % 9000 + 1000));
    object.text("DeviceType", model.type);
    object.text("DeviceUserAgent", model.agent);
    object.text("DeviceModel", model.model);
    object.date("FirstSyncTime", 5);
    object.text("UserDisplayName", "contoso.lab/Staff/" + user);
    object.enumeration("DeviceAccessState",
        "Microsoft.Exchange.Data.Directory.SystemConfiguration.DeviceAccessState", "Allowed", 1);
    object.enumeration("DeviceAccessStateReason", "x", "Individual", 2);
    object.nil("DeviceAccessControlRule");
    object.text("ClientVersion", "16.1");
    object.enumeration("ClientType", "x", "EAS", 0);
    object.element("B", "IsManaged", object.random(6) % 2 == 0 ? "true" : "false");
    object.element("B", "IsCompliant", object.random(7) % 3 == 0 ? "false" : "true");
    object.element("B", "IsDisabled", "false");
    object.text("AdminDisplayName", "");
    object.text("ExchangeVersion", "0.10 (14.0.100.0)");
    object.text("Name", name);
    object.text("DistinguishedName", distinguished);
    object.beginObject("Identity");
    object.out().append(
        "<ToString>contoso.lab/Staff/" + user + "/ExchangeActiveSyncDevices/" + name + "</ToString></Obj>");
    const int identity = object.refId();
    object.element("G", "Guid", "f249dbe7-0e83-4f39-ae4a-" + (object.hex(8, 8) + object.hex(9, 4)).toLower());
    object.text("ObjectCategory", "contoso.lab/Configuration/Schema/ms-Exch-Active-Sync-Device");
    object.beginObject("ObjectClass");
    object.out().append("<LST><S>top</S><S>msExchActiveSyncDevice</S></LST></Obj>");
    for (const char* date : {"WhenChanged", "WhenCreated", "WhenChangedUTC", "WhenCreatedUTC"})
        object.date(date, quint32(date[4] + date[5]));
    object.text("OrganizationId", "");
    object.out().append("<Ref N=\"Id\" RefId=\"" + QByteArray::number(identity) + "\" />");
    object.text("OriginatingServer", "DC1.contoso.lab");
    object.element("B", "IsValid", "true");
    object.enumeration("ObjectState", "x", "Unchanged", 1);
}

} // namespace

QByteArray deviceObject(int number)
{
    ObjectText object(number);
    const QByteArray user = "User " + QByteArray::number(number / 2 + 100'000);
    object.out()
        .append("<Obj RefId=\"0\"><TN RefId=\"0\">"
                "<T>Microsoft.Exchange.Data.Directory.SystemConfiguration.MobileDevice</T>"
                "<T>Microsoft.Exchange.Data.Directory.SystemConfiguration.ADConfigurationObject</T>"
                "<T>Microsoft.Exchange.Data.Directory.ADObject</T><T>System.Object</T></TN><ToString>")
        .append(user)
        .append("</ToString><Props>");
    writeDevice(object, kModels[object.random(0) % kModels.size()], user);
    return object.out().append("</Props></Obj>");
}

QByteArray deviceFragment(int number)
{
    psrp::Message message;
    message.destination = psrp::Destination::Client;
    message.type = psrp::MessageType::PipelineOutput;
    message.pipelineId = QUuid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    message.data = "\xEF\xBB\xBF" + deviceObject(number);
    return psrp::encodeFragment({quint64(number) + 1, 0, true, true, psrp::encodeMessage(message)});
}

QByteArray receiveResponse(int firstNumber, int count)
{
    QByteArray text = "<s:Envelope xml:lang=\"en-US\" xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\""
                      " xmlns:rsp=\"http://schemas.microsoft.com/wbem/wsman/1/windows/shell\"><s:Header></"
                      "s:Header><s:Body><rsp:ReceiveResponse>";
    for (int i = 0; i < count; ++i) {
        text.append("<rsp:Stream Name=\"stdout\" CommandId=\"76056A84-51DC-4F24-9262-CA2A55464B2B\">")
            .append(deviceFragment(firstNumber + i).toBase64())
            .append("</rsp:Stream>");
    }
    return text.append("</rsp:ReceiveResponse></s:Body></s:Envelope>");
}

} // namespace postern::benchmarks
