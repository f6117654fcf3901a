// The Active Directory containers that a connector reads (CON-16), with all that is below them; none: the
// whole organisation. Plain value, any thread. A container is a distinguished name or a canonical one; one
// inside of another that is listed, too, is dropped, so that nobody is read twice.
#pragma once

#include <QStringList>

#include "models/base/Error.h"

namespace postern::exchange {

class ContainerScope
{
public:
    ContainerScope() = default; // the whole organisation
    // InvalidInput, with the text, when one is neither: a container that is not understood must not become
    // "everything".
    [[nodiscard]] static Expected<ContainerScope> of(const QStringList& containers);

    [[nodiscard]] bool isWhole() const { return m_containers.isEmpty(); }
    // Canonical: "contoso.lab/Staff".
    [[nodiscard]] const QStringList& containers() const { return m_containers; }
    // `identity`: canonical, of a mailbox or anything else in the directory.
    [[nodiscard]] bool contains(const QString& identity) const;

    [[nodiscard]] static bool isInside(const QString& identity, const QString& container);

private:
    QStringList m_containers;
};

} // namespace postern::exchange
