// One description of an object's columns: a function `columns(visitor, object)` names each column and its
// member once; the visitors here make the SQL, the row hash, the written and the read row of it. Only for the
// repositories of this folder.
#pragma once

#include <QJsonArray>
#include <QJsonDocument>
#include <concepts>

#include "models/domain/OpenEnum.h"
#include "services/store/BulkWriter.h"
#include "services/store/ContentHash.h"
#include "services/store/Query.h"

namespace postern::store {

// `S` is const when written, not when read.
template <class S, class T>
concept Maybe = std::same_as<std::remove_const_t<S>, T>;

struct ColumnNames
{
    std::vector<std::string> names;
    template <class T> void operator()(const char* name, const T&) { names.emplace_back(name); }
};

struct ColumnHash
{
    ContentHash& hash;

    void operator()(const char*, const QUuid& value) { hash.add(value); }
    void operator()(const char*, const QString& value) { hash.add(value); }
    void operator()(const char*, const QStringList& value) { hash.add(value); }
    void operator()(const char*, bool value) { hash.add(value); }
    void operator()(const char*, const std::optional<bool>& value) { hash.add(value ? 1 + *value : 0); }
    void operator()(const char*, const std::optional<QDateTime>& value) { hash.add(value); }
    void operator()(const char*, const EasDeviceId& value) { hash.add(value.raw()); }
    void operator()(const char*, const std::vector<QUuid>& value)
    {
        hash.add(qint64(value.size()));
        for (const QUuid& uuid : value)
            hash.add(uuid);
    }
    template <class E> void operator()(const char*, const OpenEnum<E>& value) { hash.add(value.text()); }
};

struct ColumnWriter
{
    BulkWriter& writer;

    void operator()(const char*, const QString& value) { writer.text(value); }
    void operator()(const char*, const QStringList& value)
    {
        writer.text(QString::fromUtf8(
            QJsonDocument(QJsonArray::fromStringList(value)).toJson(QJsonDocument::Compact)));
    }
    void operator()(const char*, bool value) { writer.integer(value ? 1 : 0); }
    void operator()(const char*, const std::optional<bool>& value)
    {
        if (value)
            writer.integer(*value ? 1 : 0);
        else
            writer.null();
    }
    void operator()(const char*, const std::optional<QDateTime>& value) { writer.time(value); }
    void operator()(const char*, const EasDeviceId& value) { writer.text(value.raw()); }
    void operator()(const char* name, const std::vector<QUuid>& value)
    {
        QStringList texts;
        for (const QUuid& uuid : value)
            texts.append(uuid.toString(QUuid::WithoutBraces));
        (*this)(name, texts);
    }
    template <class E> void operator()(const char*, const OpenEnum<E>& value) { writer.text(value.text()); }
};

struct ColumnReader
{
    const Query& row;
    int column = 0;

    void operator()(const char*, QString& value) { value = row.text(column++); }
    void operator()(const char*, QStringList& value) { value = row.list(column++); }
    void operator()(const char*, bool& value) { value = row.flag(column++); }
    void operator()(const char*, std::optional<bool>& value)
    {
        value = row.isNull(column) ? std::nullopt : std::optional(row.flag(column));
        ++column;
    }
    void operator()(const char*, std::optional<QDateTime>& value) { value = row.time(column++); }
    void operator()(const char*, EasDeviceId& value) { value = EasDeviceId(row.text(column++)); }
    void operator()(const char*, std::vector<QUuid>& value)
    {
        value.clear();
        for (const QString& text : row.list(column++))
            value.emplace_back(text);
    }
    template <class E> void operator()(const char*, OpenEnum<E>& value)
    {
        value = OpenEnum<E>::fromText(row.text(column++));
    }
};

template <class T> [[nodiscard]] const std::vector<std::string>& columnNamesOf()
{
    static const std::vector<std::string> names = [] {
        ColumnNames visitor;
        const T object{};
        columns(visitor, object);
        return visitor.names;
    }();
    return names;
}

// "a, b, c", each behind `prefix`.
[[nodiscard]] std::string joined(const std::vector<std::string>& names, const std::string& prefix = {});

} // namespace postern::store
