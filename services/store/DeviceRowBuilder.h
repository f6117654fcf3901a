// Makes the device row of one partnership out of a statement's current row, without a QString of anything.
// For the readers of device rows. Store thread, inside a Session.
#pragma once

#include <string>
#include <unordered_map>

#include "models/frame/DeviceColumns.h"
#include "services/store/Query.h"

namespace postern::store {

// What every row repeats of its connector.
struct ConnectorTexts
{
    std::string name, organization, siteCode;
    qint64 watermark = frame::noValue;
};
using Connectors = std::unordered_map<qint64, ConnectorTexts>;

[[nodiscard]] Expected<Connectors> loadConnectors(Session& session);

class DeviceRowBuilder
{
public:
    // What a statement selects for it, of partnership p and mailbox m.
    [[nodiscard]] static const std::string& columns();
    [[nodiscard]] static int columnCount();

    // `connectors` outlives it; `offset`: the first of columns() in the statement.
    explicit DeviceRowBuilder(const Connectors& connectors, int offset = 0);

    // Valid until the statement steps or build() is called again.
    [[nodiscard]] frame::DeviceRow& build(const Query& query);

private:
    std::string_view& text(frame::DeviceColumn column) { return m_row.text[std::size_t(column)]; }
    qint64& number(frame::DeviceColumn column) { return m_row.number[std::size_t(column)]; }

    const Connectors& m_connectors;
    const int m_offset;
    frame::DeviceRow m_row;
    std::string m_name;
};

} // namespace postern::store
