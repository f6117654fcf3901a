// What the mappers share: one object of an answer, read leniently. A value that cannot be understood is
// absent and a problem; it never costs the row, unless the row cannot be keyed without it. Names differ
// between the cmdlet families (exchange-protocols e.3), so a property may have several, the first that is set
// counts. One object a stream and thread; it keeps repeated texts, so that 100,000 phones share one "iPhone".
#pragma once

#include <QHash>
#include <initializer_list>
#include <optional>
#include <vector>

#include "models/domain/Exchange.h"
#include "services/psrp/clixml/PropertyBag.h"

namespace postern::exchange {

// The names of one fact, in the order of preference.
using Names = std::vector<clixml::PropertyName>;
[[nodiscard]] Names namesOf(std::initializer_list<QStringView> names);

class RowMapping
{
public:
    // Valid until the bag's next parse(). `problems` outlives the row.
    void begin(const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems);
    void name(const QString& object) { m_object = object; } // what problems call it

    [[nodiscard]] QString text(const Names& names) const;
    // The same for texts that many objects have in common.
    [[nodiscard]] QString shared(const Names& names);
    [[nodiscard]] QStringList list(const Names& names) const;
    [[nodiscard]] QUuid guid(const Names& names) const; // null: absent or none
    [[nodiscard]] bool flag(const Names& names, bool fallback);
    [[nodiscard]] int count(const Names& names);
    // nullopt: absent, "never", or not certain; then a problem with the raw text.
    [[nodiscard]] std::optional<QDateTime> time(const Names& names);

    void problem(const QString& reason);

private:
    [[nodiscard]] const clixml::PropertyName* set(const Names& names) const;

    const clixml::PropertyBag* m_bag = nullptr;
    std::vector<ObjectProblem>* m_problems = nullptr;
    QString m_object;
    QHash<QByteArray, QString> m_pool;
};

} // namespace postern::exchange
