// What PropertyBag knows of one object: views into the document, filled by one pass of the Scanner. Kept
// apart from the accessors, which are many. Vectors keep their capacity from object to object. Not
// thread-safe.
#pragma once

#include <QByteArray>
#include <vector>

#include "services/psrp/clixml/RefTable.h"
#include "services/psrp/clixml/Scanner.h"

namespace postern::clixml {

class PropertyTable
{
public:
    // A value: of a property, of a list, or wrapped in an object. `object` is a position in objects(), or -1.
    struct Cell
    {
        Tag tag = Tag::Nil; // Nil, a primitive, PR, Obj, MS, or Ref (a cycle when object is -1)
        int object = -1;
        RawText text;
    };
    struct Slot
    {
        QByteArrayView name; // decoded
        bool extended = false; // from MS
        Cell cell;
    };
    struct Item
    {
        Cell cell;
        int next = -1; // in items(): lists nest, so theirs interleave
    };
    struct ObjectInfo
    {
        bool hasToString = false;
        bool hasValue = false;
        bool isOpen = true;
        Tag container = Tag::Unknown; // LST, IE, QUE, STK, DCT
        int firstItem = -1;
        int typeNames = -1; // position in firstTypes
        int height = 0;
        int level = 0;
        RawText toString;
        Cell value;
    };

    [[nodiscard]] Expected<void> fill(QByteArrayView document, const Limits& limits);
    void clear();

    [[nodiscard]] const Cell& root() const { return m_root; }
    [[nodiscard]] const std::vector<Slot>& properties() const { return m_properties; }
    [[nodiscard]] const ObjectInfo& objectAt(int position) const { return m_objects[size_t(position)]; }
    [[nodiscard]] const Item& itemAt(int position) const { return m_items[size_t(position)]; }
    [[nodiscard]] const RawText& firstType(int position) const { return m_firstTypes[size_t(position)]; }
    // Changes when the properties are others, or stand elsewhere, than those of the last object.
    [[nodiscard]] quint64 layout() const { return m_layout; }
    [[nodiscard]] qsizetype offsetOf(const RawText& text) const { return m_scanner.offsetOf(text.bytes); }
    // Room for a decoded text that stays until the next fill().
    [[nodiscard]] QByteArray& scratch();

private:
    using Token = Scanner::Token;
    struct LayoutEntry
    {
        qsizetype from = 0; // in m_layoutNames
        qsizetype size = 0;
        bool extended = false;
    };

    bool readDocument();
    bool readCell(Token token, Cell& cell);
    bool readReference(Cell& cell);
    bool readObject(Cell& cell);
    bool beginObject();
    bool readObjectChild(Token token, int position, unsigned& seen);
    bool readTypeNames(int position);
    bool readItems(int position);
    bool readEntries();
    bool readEntry();
    bool readSlots(bool extended);
    bool skipProperties();
    bool skipProgress();
    bool addSlot(Token token, bool extended);
    void compareLayout(const Slot& slot);
    void renewLayout();

    Token next();
    void takeError();
    bool fail(ErrorCode code, const char* what);
    bool malformed(const char* what) { return fail(ErrorCode::Malformed, what); }

    Scanner m_scanner;
    Limits m_limits;
    Error m_error;
    bool m_failed = false;
    Cell m_root;
    std::vector<Slot> m_properties;
    std::vector<ObjectInfo> m_objects;
    std::vector<Item> m_items;
    std::vector<RawText> m_firstTypes;
    RefTable m_objectIds;
    RefTable m_typeNameIds;
    int m_level = 0; // open objects
    int m_height = 0; // of what was read last inside the object at hand

    bool m_sameLayout = true;
    quint64 m_layout = 1;
    std::vector<LayoutEntry> m_layoutEntries;
    QByteArray m_layoutNames;
    std::vector<QByteArray> m_scratch;
    size_t m_scratchUsed = 0;
};

} // namespace postern::clixml
