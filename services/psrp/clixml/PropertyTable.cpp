#include "services/psrp/clixml/PropertyTable.h"

#include "services/psrp/clixml/ByteScan.h"
#include "services/psrp/clixml/Lexical.h"

namespace postern::clixml {

namespace {

constexpr unsigned kSeenNames = 1, kSeenToString = 2, kSeenProps = 4, kSeenMs = 8, kSeenValue = 16;

bool equalsIgnoringCase(QByteArrayView a, QByteArrayView b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

} // namespace

inline Scanner::Token PropertyTable::next()
{
    const Token token = m_scanner.next();
    if (token == Token::Failed && !m_failed) [[unlikely]]
        takeError();
    return token;
}

void PropertyTable::takeError()
{
    m_failed = true;
    m_error = m_scanner.error();
}

bool PropertyTable::fail(ErrorCode code, const char* what)
{
    if (!m_failed)
        m_error = Scanner::errorAt(code, m_scanner.offset(), QLatin1String(what));
    m_failed = true;
    return false;
}

QByteArray& PropertyTable::scratch()
{
    if (m_scratchUsed == m_scratch.size())
        m_scratch.emplace_back();
    QByteArray& room = m_scratch[m_scratchUsed++];
    room.resize(0);
    return room;
}

void PropertyTable::clear()
{
    m_failed = false;
    m_root = {};
    m_properties.clear();
    m_objects.clear();
    m_items.clear();
    m_firstTypes.clear();
    m_objectIds.clear();
    m_typeNameIds.clear();
    m_level = 0;
    m_height = 0;
    m_sameLayout = true;
    m_scratchUsed = 0;
}

Expected<void> PropertyTable::fill(QByteArrayView document, const Limits& limits)
{
    clear();
    m_limits = limits;
    const QByteArrayView text = document.startsWith("\xEF\xBB\xBF") ? document.sliced(3) : document;
    const bool blank = text.size() < 256 && Lexical::trimmed(text).isEmpty();
    if (!blank) {
        m_scanner.reset(document, limits);
        if (!readDocument()) {
            clear();
            renewLayout();
            return postern::fail(std::move(m_error));
        }
    }
    if (!m_sameLayout || m_properties.size() != m_layoutEntries.size())
        renewLayout();
    return {};
}

bool PropertyTable::readDocument()
{
    const Token token = next();
    if (token == Token::Start && m_scanner.tag() == Tag::Objs)
        return malformed("a file (Objs) where one value is expected");
    return !m_failed && readCell(token, m_root) && next() == Token::Done;
}

bool PropertyTable::readCell(Token token, Cell& cell)
{
    cell.tag = m_scanner.tag();
    if (token == Token::Leaf) {
        if (cell.tag == Tag::Ref)
            return readReference(cell);
        cell.text = m_scanner.text();
        return true;
    }
    if (cell.tag == Tag::Obj)
        return readObject(cell);
    return token == Token::Start && skipProgress();
}

// As in Decoder::reference: a Ref to an open object is a cycle, and chains of Refs are bounded.
bool PropertyTable::readReference(Cell& cell)
{
    const int position = m_scanner.hasRefId() ? m_objectIds.find(m_scanner.refId()) : -1;
    if (position < 0)
        return malformed("a Ref to an object that does not precede it");
    const ObjectInfo& target = m_objects[size_t(position)];
    if (target.isOpen)
        return true;
    if (m_level + target.height > m_limits.resolvedDepth)
        return fail(ErrorCode::LimitExceeded, "references lead too deep");
    cell.object = position;
    m_height = qMax(m_height, target.height);
    return true;
}

bool PropertyTable::beginObject()
{
    const int position = int(m_objects.size());
    m_objects.emplace_back();
    m_objects.back().level = ++m_level;
    if (!m_scanner.hasRefId())
        return true;
    if (!m_objectIds.insert(m_scanner.refId(), position))
        return malformed("a RefId is used twice");
    if (m_objectIds.count() + m_typeNameIds.count() > m_limits.references)
        return fail(ErrorCode::LimitExceeded, "too many references");
    return true;
}

bool PropertyTable::readObject(Cell& cell)
{
    const int position = int(m_objects.size());
    const int besides = m_height;
    if (!beginObject())
        return false;
    m_height = 0;
    unsigned seen = 0;
    for (Token token = next(); token != Token::End; token = next()) {
        if (m_failed || !readObjectChild(token, position, seen))
            return false;
    }
    --m_level;
    ObjectInfo& info = m_objects[size_t(position)];
    info.isOpen = false;
    info.height = m_height + 1;
    m_height = qMax(besides, info.height);
    cell.object = position;
    return true;
}

bool PropertyTable::readObjectChild(Token token, int position, unsigned& seen)
{
    const Tag tag = m_scanner.tag();
    const unsigned bit = tag == Tag::TN || tag == Tag::TNRef ? kSeenNames
        : tag == Tag::ToString                               ? kSeenToString
        : tag == Tag::Props                                  ? kSeenProps
        : tag == Tag::MS                                     ? kSeenMs
                                                             : kSeenValue;
    if ((seen & bit) != 0)
        return malformed("something occurs twice in an object");
    seen |= bit;
    if (bit == kSeenNames)
        return readTypeNames(position);
    ObjectInfo& info = m_objects[size_t(position)];
    if (bit == kSeenToString) {
        info.hasToString = true;
        info.toString = m_scanner.text();
        return true;
    }
    if (bit == kSeenProps || bit == kSeenMs)
        return position == 0 ? readSlots(tag == Tag::MS) : skipProperties();
    if (isList(tag) || tag == Tag::DCT) {
        info.container = tag;
        return tag == Tag::DCT ? readEntries() : readItems(position);
    }
    info.hasValue = true;
    Cell cell;
    if (!readCell(token, cell))
        return false;
    m_objects[size_t(position)].value = cell; // the vector may have grown
    return true;
}

bool PropertyTable::readTypeNames(int position)
{
    int names = int(m_firstTypes.size());
    if (m_scanner.tag() == Tag::TNRef) {
        names = m_scanner.hasRefId() ? m_typeNameIds.find(m_scanner.refId()) : -1;
        if (names < 0)
            return malformed("a TNRef to type names that do not precede it");
    } else {
        if (m_scanner.hasRefId() && !m_typeNameIds.insert(m_scanner.refId(), names))
            return malformed("a RefId of type names is used twice");
        m_firstTypes.emplace_back();
        bool first = true;
        for (Token token = next(); token == Token::Leaf; token = next()) {
            if (first)
                m_firstTypes.back() = m_scanner.text();
            first = false;
        }
    }
    m_objects[size_t(position)].typeNames = names;
    return !m_failed;
}

bool PropertyTable::readItems(int position)
{
    int last = -1;
    for (Token token = next(); token == Token::Leaf || token == Token::Start; token = next()) {
        Cell cell;
        if (!readCell(token, cell))
            return false;
        const int item = int(m_items.size());
        m_items.push_back({cell, -1});
        (last < 0 ? m_objects[size_t(position)].firstItem : m_items[size_t(last)].next) = item;
        last = item;
    }
    return !m_failed;
}

bool PropertyTable::readEntries()
{
    for (Token token = next(); token == Token::Start; token = next()) {
        if (!readEntry())
            return false;
    }
    return !m_failed;
}

bool PropertyTable::readEntry()
{
    bool hasKey = false;
    bool hasValue = false;
    QByteArray name;
    for (Token token = next(); token == Token::Leaf || token == Token::Start; token = next()) {
        name.resize(0);
        appendUtf8(m_scanner.name(), name);
        const bool isKey = equalsIgnoringCase(name, "Key");
        bool& seen = isKey ? hasKey : hasValue;
        if (seen || (!isKey && !equalsIgnoringCase(name, "Value")))
            return malformed("a dictionary entry is not one Key and one Value");
        seen = true;
        Cell cell;
        if (!readCell(token, cell))
            return false;
    }
    return !m_failed && ((hasKey && hasValue) || malformed("a dictionary entry without Key or Value"));
}

bool PropertyTable::readSlots(bool extended)
{
    for (Token token = next(); token == Token::Leaf || token == Token::Start; token = next()) {
        if (!addSlot(token, extended))
            return false;
    }
    return !m_failed;
}

inline void PropertyTable::compareLayout(const Slot& slot)
{
    const size_t position = m_properties.size() - 1;
    if (position >= m_layoutEntries.size()) {
        m_sameLayout = false;
        return;
    }
    const LayoutEntry& entry = m_layoutEntries[position];
    m_sameLayout = entry.extended == slot.extended && entry.size == slot.name.size()
        && ByteScan::equal(m_layoutNames.constData() + entry.from, slot.name.data(), entry.size);
}

bool PropertyTable::addSlot(Token token, bool extended)
{
    if (!m_scanner.hasName())
        return malformed("a property without name");
    Slot& slot = m_properties.emplace_back();
    const RawText& name = m_scanner.name();
    slot.extended = extended;
    if (name.isPlain()) {
        slot.name = name.bytes;
    } else {
        QByteArray& decoded = scratch();
        appendUtf8(name, decoded);
        slot.name = decoded;
    }
    if (m_sameLayout)
        compareLayout(slot);
    if (m_scanner.tag() == Tag::MS) {
        slot.cell.tag = Tag::MS;
        return skipProperties();
    }
    return readCell(token, slot.cell); // only one level has slots: nothing is added meanwhile
}

void PropertyTable::renewLayout()
{
    ++m_layout;
    m_layoutEntries.clear();
    m_layoutNames.resize(0);
    for (const Slot& slot : m_properties) {
        m_layoutEntries.push_back({m_layoutNames.size(), slot.name.size(), slot.extended});
        m_layoutNames.append(slot.name);
    }
}

// Of a nested object, or a member set: checked, not remembered.
bool PropertyTable::skipProperties()
{
    for (Token token = next(); token == Token::Leaf || token == Token::Start; token = next()) {
        if (!m_scanner.hasName())
            return malformed("a property without name");
        Cell cell;
        if (!(m_scanner.tag() == Tag::MS ? skipProperties() : readCell(token, cell)))
            return false;
    }
    return !m_failed;
}

bool PropertyTable::skipProgress()
{
    while (next() == Token::Leaf) { }
    return !m_failed;
}

} // namespace postern::clixml
