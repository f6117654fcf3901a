// One run of Reader over one document: the Scanner's tokens to Values, Refs and TNRefs resolved, memory
// accounted. Not thread-safe; made for one document and thrown away.
#pragma once

#include <memory>
#include <vector>

#include "services/psrp/clixml/Object.h"
#include "services/psrp/clixml/Reader.h"
#include "services/psrp/clixml/RefTable.h"
#include "services/psrp/clixml/Scanner.h"

namespace postern::clixml {

class Decoder
{
public:
    Decoder(QByteArrayView document, const Limits& limits);

    [[nodiscard]] Expected<Value> readValue();
    [[nodiscard]] Expected<std::vector<FileItem>> readItems();

private:
    using Token = Scanner::Token;

    struct KnownObject
    {
        std::shared_ptr<const Object> object; // null while it is open
        int height = 0; // objects in objects below it, itself included
        int level = 0; // its place among the open ones
    };

    // All of these decode what the last token began and return false after setting m_error.
    bool value(Token token, Value& out, int& height);
    bool primitive(Value& out);
    bool integerValue(QByteArrayView text, Value& out);
    bool floatingValue(QByteArrayView text, Value& out);
    bool reference(Value& out, int& height);
    bool object(Value& out, int& height);
    bool objectChild(Token token, Object& object, int& height, unsigned& seen);
    bool content(Token token, Object& object, int& height);
    bool typeNames(QStringList& out);
    bool typeNamesReference(QStringList& out);
    bool properties(std::vector<Property>& out, int& height);
    bool memberSet(Value& out, int& height);
    bool items(std::vector<Value>& out, int& height);
    bool entries(Object& object, int& height);
    bool entry(std::pair<Value, Value>& out, int& height);
    bool progress(Value& out);
    bool progressField(ProgressRecord& record, unsigned& seen);

    Token next();
    bool charge(qint64 bytes);
    bool malformed(const QString& what);
    bool fail(ErrorCode code, const QString& what);
    bool once(unsigned& seen, Tag tag); // false: the second of its kind
    [[nodiscard]] QString chargedText(const RawText& raw);

    Scanner m_scanner;
    Limits m_limits;
    qint64 m_budget = 0;
    Error m_error;
    bool m_failed = false;
    RefTable m_objectIds;
    RefTable m_typeNameIds;
    std::vector<KnownObject> m_objects;
    std::vector<QStringList> m_typeNames;
    int m_level = 0; // open objects
    QByteArray m_scratch;
};

} // namespace postern::clixml
