// The listings of a connector's containers as one (CON-16): one container after another, and of each answer
// only what is in one of them, also where a cmdlet could not be asked for a container. The last page of the
// last container is the last one: complete means complete for these containers, and nothing is known of what
// is outside. What cannot be placed is a problem and left out. Service thread.
#pragma once

#include <vector>

#include "services/exchange/ContainerScope.h"
#include "services/exchange/ExchangeOrganization.h"

namespace postern::exchange {

[[nodiscard]] inline const QString& placeOf(const Mailbox& mailbox)
{
    return mailbox.identity;
}
[[nodiscard]] inline const QString& placeOf(const Partnership& partnership)
{
    return partnership.ownerIdentity;
}

template <class T> class ScopedListing final : public PageReader<T>
{
public:
    using Readers = std::vector<std::unique_ptr<PageReader<T>>>;
    // A reader a container, in the scope's order.
    ScopedListing(Readers readers, ContainerScope scope)
        : m_readers(std::move(readers))
        , m_scope(std::move(scope))
    {
    }

    QCoro::Task<Expected<Page<T>>> next(std::stop_token token) override
    {
        Expected<Page<T>> page = co_await m_readers.at(m_current)->next(token);
        if (!page)
            co_return page;
        // Of this container only: a listing that could not be asked for it gives those of the others as well.
        keepInside(*page, m_scope.containers().at(qsizetype(m_current)));
        if (page->last) {
            m_readers.at(m_current).reset(); // ends its command and gives its memory back
            ++m_current;
            page->last = m_current == m_readers.size();
        }
        co_return page;
    }

private:
    void keepInside(Page<T>& page, const QString& container) const
    {
        std::erase_if(page.items, [&](const T& item) {
            const QString& place = placeOf(item);
            if (!place.contains(u'/'))
                page.problems.push_back({place, QStringLiteral("whether it is in a container is not known")});
            return !ContainerScope::isInside(place, container);
        });
    }

    Readers m_readers;
    size_t m_current = 0;
    ContainerScope m_scope;
};

} // namespace postern::exchange
