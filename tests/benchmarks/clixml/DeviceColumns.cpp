#include "tests/benchmarks/clixml/DeviceColumns.h"

#include <algorithm>
#include <array>

namespace postern::benchmarks {

namespace {

using clixml::PropertyName;

const std::array<PropertyName, 25> kTexts{PropertyName(u"FriendlyName"), PropertyName(u"DeviceId"),
    PropertyName(u"DeviceImei"), PropertyName(u"DeviceMobileOperator"), PropertyName(u"DeviceOS"),
    PropertyName(u"DeviceOSLanguage"), PropertyName(u"DeviceTelephoneNumber"), PropertyName(u"DeviceType"),
    PropertyName(u"DeviceUserAgent"), PropertyName(u"DeviceModel"), PropertyName(u"UserDisplayName"),
    PropertyName(u"DeviceAccessState"), PropertyName(u"DeviceAccessStateReason"),
    PropertyName(u"DeviceAccessControlRule"), PropertyName(u"ClientVersion"), PropertyName(u"ClientType"),
    PropertyName(u"AdminDisplayName"), PropertyName(u"ExchangeVersion"), PropertyName(u"Name"),
    PropertyName(u"DistinguishedName"), PropertyName(u"Identity"), PropertyName(u"ObjectCategory"),
    PropertyName(u"OrganizationId"), PropertyName(u"OriginatingServer"), PropertyName(u"ObjectState")};
const std::array<PropertyName, 5> kDates{PropertyName(u"FirstSyncTime"), PropertyName(u"WhenChanged"),
    PropertyName(u"WhenCreated"), PropertyName(u"WhenChangedUTC"), PropertyName(u"WhenCreatedUTC")};
const std::array<PropertyName, 4> kFlags{PropertyName(u"IsManaged"), PropertyName(u"IsCompliant"),
    PropertyName(u"IsDisabled"), PropertyName(u"IsValid")};
const std::array<PropertyName, 3> kMore{
    PropertyName(u"Guid"), PropertyName(u"Id"), PropertyName(u"ObjectClass")};

} // namespace

void DeviceColumns::clear()
{
    m_textSize = 0;
    m_ends.clear();
    m_dates.clear();
    m_flags.clear();
}

void DeviceColumns::addText(QByteArrayView text)
{
    if (m_text.size() - m_textSize < size_t(text.size()))
        m_text.resize(m_text.size() * 2 + size_t(text.size()) + 65'536);
    std::copy(text.begin(), text.end(), m_text.data() + m_textSize);
    m_textSize += size_t(text.size());
    m_ends.push_back(quint32(m_textSize));
}

void DeviceColumns::add(const clixml::PropertyBag& bag)
{
    for (const PropertyName& name : kTexts)
        addText(bag.utf8(name));
    for (const PropertyName& name : kDates)
        m_dates.push_back(bag.utcMilliseconds(name).value_or(-1));
    for (const PropertyName& name : kFlags)
        m_flags.push_back(bag.boolean(name).value_or(false) ? 1 : 0);
    for (const PropertyName& name : kMore)
        addText(bag.utf8(name));
}

quint64 DeviceColumns::checksum() const
{
    quint64 sum = quint64(m_textSize) * 31 + m_ends.size();
    for (const qint64 date : m_dates)
        sum += quint64(date);
    for (const qint8 flag : m_flags)
        sum = sum * 3 + quint64(flag);
    return sum;
}

} // namespace postern::benchmarks
