#include "services/psrp/clixml/PropertyBag.h"

#include "services/psrp/clixml/Lexical.h"
#include "services/psrp/clixml/PropertyTable.h"

namespace postern::clixml {

namespace {

using Cell = PropertyTable::Cell;
using Slot = PropertyTable::Slot;

// Whose text is Unicode with escapes; the others are numbers, dates and the like in ASCII.
bool isText(Tag tag)
{
    using grammar::bit;
    constexpr quint64 texts
        = bit(Tag::S) | bit(Tag::ToString) | bit(Tag::URI) | bit(Tag::XD) | bit(Tag::SBK) | bit(Tag::SS);
    return (bit(tag) & texts) != 0;
}

QStringView withoutPrefix(QStringView name)
{
    constexpr QStringView prefix = u"Deserialized.";
    return name.startsWith(prefix, Qt::CaseInsensitive) ? name.sliced(prefix.size()) : name;
}

} // namespace

struct PropertyBag::State
{
    struct Found
    {
        quint64 layout = 0;
        int slot = -1;
    };
    struct Defect
    {
        qsizetype offset = -1;
        QByteArray name;
        const char* wanted = "";
        QByteArray text;
    };

    Limits limits;
    PropertyTable table;
    std::vector<Found> found; // by PropertyName::id
    std::optional<Defect> defect;

    const Slot* slot(const PropertyName& name);
    int search(QByteArrayView name) const;
    // What a person would read: ToString (then the tag is that) before the wrapped primitive. raw nullptr:
    // nothing.
    struct Shown
    {
        const RawText* raw = nullptr;
        Tag tag = Tag::Nil;
    };
    Shown shown(const Cell& cell) const;
    const Cell& unwrapped(const Cell& cell) const;
    QString text(const Cell& cell) const;
    QByteArrayView utf8(const Cell& cell);
    QByteArrayView plain(const RawText& raw);
    template <class T, class Read>
    std::optional<T> typed(const PropertyName& name, const char* wanted, Read read);
};

inline const Slot* PropertyBag::State::slot(const PropertyName& name)
{
    const auto id = size_t(name.id());
    if (id >= found.size()) [[unlikely]]
        found.resize(id + 16);
    Found& entry = found[id];
    if (entry.layout != table.layout()) [[unlikely]]
        entry = {table.layout(), search(name.utf8())};
    return entry.slot < 0 ? nullptr : &table.properties()[size_t(entry.slot)];
}

// MS before Props, the last before the first.
int PropertyBag::State::search(QByteArrayView name) const
{
    int result = -1;
    bool extended = false;
    for (size_t i = table.properties().size(); i-- > 0;) {
        const Slot& slot = table.properties()[i];
        const bool better = result < 0 || (slot.extended && !extended);
        if (better && slot.name.compare(name, Qt::CaseInsensitive) == 0) {
            result = int(i);
            extended = slot.extended;
        }
    }
    return result;
}

inline PropertyBag::State::Shown PropertyBag::State::shown(const Cell& cell) const
{
    const Cell* at = &cell;
    while (at->object >= 0) {
        const auto& info = table.objectAt(at->object);
        if (info.hasToString)
            return {&info.toString, Tag::ToString};
        if (!info.hasValue)
            return {};
        at = &info.value;
    }
    return isPrimitive(at->tag) ? Shown{&at->text, at->tag} : Shown();
}

const Cell& PropertyBag::State::unwrapped(const Cell& cell) const
{
    const Cell* at = &cell;
    while (at->object >= 0 && table.objectAt(at->object).hasValue)
        at = &table.objectAt(at->object).value;
    return *at;
}

QString PropertyBag::State::text(const Cell& cell) const
{
    const auto [raw, tag] = shown(cell);
    if (raw == nullptr)
        return {};
    if (isText(tag))
        return decodeText(*raw);
    const QByteArray decoded = raw->isPlain() ? QByteArray() : decodeXml(*raw);
    const QByteArrayView wire = Lexical::trimmed(raw->isPlain() ? raw->bytes : QByteArrayView(decoded));
    if (tag == Tag::C)
        return QString(QChar(char16_t(Lexical::integer(Tag::C, wire).value_or(0))));
    return QString::fromUtf8(wire);
}

inline QByteArrayView PropertyBag::State::plain(const RawText& raw)
{
    if (raw.isPlain())
        return raw.bytes;
    QByteArray& decoded = table.scratch();
    appendUtf8(raw, decoded);
    return decoded;
}

QByteArrayView PropertyBag::State::utf8(const Cell& cell)
{
    const auto [raw, tag] = shown(cell);
    if (raw == nullptr)
        return {};
    if (isText(tag))
        return plain(*raw);
    if (tag == Tag::C) {
        const QString unit = text(cell);
        return table.scratch()
            = (unit.at(0).isSurrogate() ? QString(QChar::ReplacementCharacter) : unit).toUtf8();
    }
    return Lexical::trimmed(plain(*raw));
}

template <class T, class Read>
std::optional<T> PropertyBag::State::typed(const PropertyName& name, const char* wanted, Read read)
{
    const Slot* at = slot(name);
    if (at == nullptr)
        return std::nullopt;
    const Cell& cell = unwrapped(at->cell);
    if (cell.tag == Tag::Nil)
        return std::nullopt;
    const QByteArrayView text = isPrimitive(cell.tag) ? plain(cell.text) : QByteArrayView();
    std::optional<T> value = read(cell.tag, text);
    if (!value && !defect) {
        const qsizetype offset = cell.text.bytes.data() != nullptr ? table.offsetOf(cell.text) : 0;
        defect = Defect{offset, at->name.toByteArray(), wanted,
            text.first(qMin<qsizetype>(text.size(), 64)).toByteArray()};
    }
    return value;
}

PropertyBag::PropertyBag(Limits limits)
    : m_state(std::make_unique<State>())
{
    m_state->limits = limits;
}
PropertyBag::~PropertyBag() = default;
PropertyBag::PropertyBag(PropertyBag&&) noexcept = default;
PropertyBag& PropertyBag::operator=(PropertyBag&&) noexcept = default;

Expected<void> PropertyBag::parse(QByteArrayView document)
{
    m_state->defect.reset();
    return m_state->table.fill(document, m_state->limits);
}

bool PropertyBag::isNil() const
{
    return m_state->table.root().tag == Tag::Nil;
}
bool PropertyBag::isObject() const
{
    return m_state->table.root().tag == Tag::Obj;
}
QString PropertyBag::toText() const
{
    return m_state->text(m_state->table.root());
}

QString PropertyBag::typeName() const
{
    const PropertyTable& table = m_state->table;
    if (!isObject() || table.objectAt(0).typeNames < 0)
        return {};
    const QString name = decodeText(table.firstType(table.objectAt(0).typeNames));
    return withoutPrefix(name).toString();
}

int PropertyBag::count() const
{
    return int(m_state->table.properties().size());
}
QString PropertyBag::nameAt(int index) const
{
    return decodeText({m_state->table.properties()[size_t(index)].name});
}
QString PropertyBag::textAt(int index) const
{
    return m_state->text(m_state->table.properties()[size_t(index)].cell);
}
Tag PropertyBag::tagAt(int index) const
{
    return m_state->table.properties()[size_t(index)].cell.tag;
}

bool PropertyBag::has(const PropertyName& name) const
{
    return m_state->slot(name) != nullptr;
}

bool PropertyBag::isNil(const PropertyName& name) const
{
    const Slot* slot = m_state->slot(name);
    return slot == nullptr || slot->cell.tag == Tag::Nil;
}

bool PropertyBag::isList(const PropertyName& name) const
{
    const Slot* slot = m_state->slot(name);
    return slot != nullptr && slot->cell.object >= 0
        && clixml::isList(m_state->table.objectAt(slot->cell.object).container);
}

QString PropertyBag::text(const PropertyName& name) const
{
    const Slot* slot = m_state->slot(name);
    return slot == nullptr ? QString() : m_state->text(slot->cell);
}

QByteArrayView PropertyBag::utf8(const PropertyName& name) const
{
    const Slot* slot = m_state->slot(name);
    return slot == nullptr ? QByteArrayView() : m_state->utf8(slot->cell);
}

std::optional<bool> PropertyBag::boolean(const PropertyName& name) const
{
    return m_state->typed<bool>(name, "a Boolean", [](Tag tag, QByteArrayView text) -> std::optional<bool> {
        if (tag == Tag::S)
            return Lexical::boolean(text.toByteArray().toLower());
        return tag == Tag::B ? Lexical::boolean(text) : std::nullopt;
    });
}

std::optional<qint64> PropertyBag::integer(const PropertyName& name) const
{
    return m_state->typed<qint64>(name, "an integer", [](Tag tag, QByteArrayView text) {
        const bool fits = tag == Tag::S || (tag >= Tag::By && tag <= Tag::I64);
        return fits ? Lexical::integer(tag, text) : std::nullopt;
    });
}

std::optional<QUuid> PropertyBag::guid(const PropertyName& name) const
{
    return m_state->typed<QUuid>(name, "a Guid", [](Tag tag, QByteArrayView text) {
        return tag == Tag::G || tag == Tag::S ? Lexical::guid(text) : std::nullopt;
    });
}

std::optional<qint64> PropertyBag::utcMilliseconds(const PropertyName& name) const
{
    return m_state->typed<qint64>(name, "a date", [](Tag tag, QByteArrayView text) -> std::optional<qint64> {
        const auto when = tag == Tag::DT || tag == Tag::S ? DateTime::fromText(text) : std::nullopt;
        return when ? std::optional(when->utcMilliseconds()) : std::nullopt;
    });
}

std::optional<QDateTime> PropertyBag::dateTimeUtc(const PropertyName& name) const
{
    const auto when = utcMilliseconds(name);
    return when ? std::optional(QDateTime::fromMSecsSinceEpoch(*when, Qt::UTC)) : std::nullopt;
}

QStringList PropertyBag::stringList(const PropertyName& name) const
{
    const Slot* slot = m_state->slot(name);
    if (slot == nullptr || slot->cell.tag == Tag::Nil || slot->cell.tag == Tag::MS)
        return {};
    const PropertyTable& table = m_state->table;
    if (slot->cell.object < 0 || table.objectAt(slot->cell.object).container == Tag::Unknown)
        return {m_state->text(slot->cell)};
    QStringList texts;
    for (int item = table.objectAt(slot->cell.object).firstItem; item >= 0; item = table.itemAt(item).next)
        texts.append(m_state->text(table.itemAt(item).cell));
    return texts;
}

std::optional<Error> PropertyBag::defect() const
{
    if (!m_state->defect)
        return std::nullopt;
    const State::Defect& defect = *m_state->defect;
    return Scanner::errorAt(ErrorCode::Malformed, defect.offset,
        QStringLiteral("%1 is not %2: %3")
            .arg(QString::fromUtf8(defect.name), QLatin1String(defect.wanted),
                QString::fromUtf8(defect.text)));
}

} // namespace postern::clixml
