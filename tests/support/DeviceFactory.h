// Devices for tests: a fluent builder for the few that a test is about, and a deterministic population that
// looks like an organisation's for everything that needs many. Any thread.
//   aDevice(7).named(u"ann_iPhone"_s).blocked().lastSync(3_days_ago)
#pragma once

#include <QDateTime>
#include <QString>
#include <array>
#include <memory>
#include <string>

#include "models/domain/Exchange.h"
#include "models/frame/DeviceFrame.h"

namespace postern::test {

struct Ago
{
    qint64 msecs;
};
constexpr Ago operator""_days_ago(unsigned long long days)
{
    return {qint64(days) * 24 * 60 * 60 * 1000};
}
constexpr Ago operator""_hours_ago(unsigned long long hours)
{
    return {qint64(hours) * 60 * 60 * 1000};
}

// What "now" is in tests that use this factory: 2026-11-20T12:00:00Z.
[[nodiscard]] QDateTime testNow();

class DeviceFactory
{
public:
    explicit DeviceFactory(qint64 id);

    DeviceFactory& set(frame::DeviceColumn column, QStringView text);
    DeviceFactory& set(frame::DeviceColumn column, qint64 value);
    DeviceFactory& utf8(frame::DeviceColumn column, std::string text); // as it is, valid or not
    DeviceFactory& named(QStringView name) { return set(frame::DeviceColumn::Name, name); }
    DeviceFactory& of(QStringView userName) { return set(frame::DeviceColumn::UserName, userName); }
    DeviceFactory& in(AccessState state, AccessStateReason reason = AccessStateReason::None);
    DeviceFactory& allowed() { return in(AccessState::Allowed, AccessStateReason::ExchangeGlobalRule); }
    DeviceFactory& blocked() { return in(AccessState::Blocked, AccessStateReason::ExchangeIndividualRule); }
    DeviceFactory& quarantined()
    {
        return in(AccessState::Quarantined, AccessStateReason::ExchangeGlobalRule);
    }
    DeviceFactory& lastSync(Ago ago);
    DeviceFactory& neverSynced() { return set(frame::DeviceColumn::LastSuccessSync, frame::noValue); }
    DeviceFactory& gone();
    DeviceFactory& managed() // its id is that of a managed device
    {
        m_managed = true;
        return *this;
    }

    // The views point into this object.
    [[nodiscard]] frame::DeviceRow row() const;
    [[nodiscard]] qint64 id() const { return m_id; }
    [[nodiscard]] const std::string& text(frame::DeviceColumn column) const
    {
        return m_text[std::size_t(column)];
    }
    [[nodiscard]] qint64 number(frame::DeviceColumn column) const { return m_numbers[std::size_t(column)]; }

private:
    qint64 m_id;
    bool m_gone = false;
    std::array<std::string, frame::deviceColumnCount> m_text;
    std::array<qint64, frame::deviceColumnCount> m_numbers;
    bool m_managed = false;
};

[[nodiscard]] DeviceFactory aDevice(qint64 id);

// The n-th device of an organisation with 1.4 devices a user; the same arguments give the same device.
[[nodiscard]] DeviceFactory organisationDevice(qint64 n, quint32 seed = 1);
[[nodiscard]] std::shared_ptr<const frame::DeviceFrame> organisation(qint64 devices, quint32 seed = 1);
[[nodiscard]] std::shared_ptr<const frame::DeviceFrame> frameOf(const std::vector<DeviceFactory>& devices);

} // namespace postern::test
