// Long lists of Graph, pulled page by page, so that memory does not grow with their length. While the caller
// stores a page, the next one is already under way. Service thread. Errors: those of GraphClient; Incomplete
// when everything was handed over but Graph's own count says that some are missing. graph-reference 3, 8.
#pragma once

#include <QCoroTask>
#include <QString>
#include <QStringList>
#include <stop_token>
#include <vector>

#include "models/base/Error.h"
#include "models/domain/Exchange.h"

namespace postern::graph {

template <class T> struct Page
{
    std::vector<T> items; // an id comes once in a listing, also when Graph repeats it over pages
    std::vector<ObjectProblem> problems; // what could not be read of them: counted, never a failed page
    qint64 skipped = 0; // objects that gave no item; what they were is in problems
    qint64 repeated = 0; // objects that an earlier page had already brought
    bool last = false; // nothing follows; a listing that never says so was cut short and must not delete
};

template <class T> class PageReader
{
public:
    virtual ~PageReader() = default;
    // After last or an error, do not call again. Destroying the reader early drops the page under way.
    virtual QCoro::Task<Expected<Page<T>>> next(std::stop_token token) = 0;
};

// Changes since an earlier listing, or the whole list when there was none.
template <class T> struct DeltaPage
{
    Page<T> page; // complete objects, never only what changed of them
    QStringList removed; // ids; not in items
    // From here on everything is listed: what earlier pages of this reader brought is void, and what never
    // comes again is gone. True on the first page of a full listing, and again when Graph forgot where the
    // delta was (410 Gone).
    bool restarted = false;
    // On the last page: where the next delta begins. Opaque, to be stored together with the changes.
    QString deltaLink;
};

template <class T> class DeltaReader
{
public:
    virtual ~DeltaReader() = default;
    virtual QCoro::Task<Expected<DeltaPage<T>>> next(std::stop_token token) = 0;
};

} // namespace postern::graph
