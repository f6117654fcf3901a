// The one description of a struct's JSON form: a function `fields(visitor, value)` names each member once,
// JsonWriter and JsonReader follow it. Reading is strict: an unknown key, a wrong type or a missing key is
// InvalidInput and names the key. Any thread. Only for the .cpp files of models/domain.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QSet>
#include <cmath>
#include <optional>
#include <vector>

#include "models/base/EnumText.h"
#include "models/base/Error.h"

namespace postern {

class JsonWriter
{
public:
    QJsonObject object;

    void operator()(const char* key, bool value) { put(key, value); }
    void operator()(const char* key, int value) { put(key, value); }
    void operator()(const char* key, const QString& value) { put(key, value); }
    void operator()(const char* key, const QStringList& value)
    {
        put(key, QJsonArray::fromStringList(value));
    }
    void operator()(const char* key, const std::optional<int>& value)
    {
        put(key, value ? QJsonValue(*value) : QJsonValue());
    }
    template <class E>
    requires std::is_enum_v<E>
    void operator()(const char* key, E value) { put(key, enumText(value).toString()); }
    template <class T>
    requires std::is_class_v<T>
    void operator()(const char* key, const T& value)
    {
        JsonWriter inner;
        fields(inner, value);
        put(key, inner.object);
    }
    template <class T>
    requires std::is_class_v<T>
    void operator()(const char* key, const std::optional<T>& value)
    {
        if (value)
            (*this)(key, *value);
    }
    template <class T> void operator()(const char* key, const std::vector<T>& values)
    {
        QJsonArray array;
        for (const T& value : values) {
            JsonWriter inner;
            fields(inner, value);
            array.append(inner.object);
        }
        put(key, array);
    }

private:
    void put(const char* key, const QJsonValue& value) { object.insert(QLatin1String(key), value); }
};

class JsonReader
{
public:
    explicit JsonReader(QJsonObject object, QString path = {})
        : m_object(std::move(object))
        , m_path(std::move(path))
    {
    }

    void operator()(const char* key, bool& value)
    {
        if (const QJsonValue json = take(key, QJsonValue::Bool); json.isBool())
            value = json.toBool();
    }
    void operator()(const char* key, int& value)
    {
        if (const QJsonValue json = take(key, QJsonValue::Double); json.isDouble())
            readInt(key, json, value);
    }
    void operator()(const char* key, QString& value)
    {
        if (const QJsonValue json = take(key, QJsonValue::String); json.isString())
            value = json.toString();
    }
    void operator()(const char* key, QStringList& value)
    {
        value.clear();
        const QJsonArray array = take(key, QJsonValue::Array).toArray();
        for (const QJsonValue& item : array) {
            if (!item.isString())
                return refuse(key, QStringLiteral("is not a list of texts"));
            value.append(item.toString());
        }
    }
    void operator()(const char* key, std::optional<int>& value)
    {
        value.reset();
        m_seen.insert(QLatin1String(key));
        const QJsonValue json = m_object.value(QLatin1String(key));
        if (json.isNull())
            return;
        if (!json.isDouble())
            return refuse(key, QStringLiteral("is not a number or null"));
        int number = 0;
        readInt(key, json, number);
        value = number;
    }
    template <class E>
    requires std::is_enum_v<E>
    void operator()(const char* key, E& value)
    {
        const QJsonValue json = take(key, QJsonValue::String);
        if (!json.isString())
            return;
        if (const auto known = enumFromText<E>(json.toString()))
            value = *known;
        else
            refuse(key, QStringLiteral("has the unknown value %1").arg(json.toString()));
    }
    template <class T>
    requires std::is_class_v<T>
    void operator()(const char* key, T& value)
    {
        if (const QJsonValue json = take(key, QJsonValue::Object); json.isObject())
            readObject(json.toObject(), pathOf(key), value);
    }
    template <class T>
    requires std::is_class_v<T>
    void operator()(const char* key, std::optional<T>& value)
    {
        value.reset();
        m_seen.insert(QLatin1String(key));
        if (!m_object.contains(QLatin1String(key)))
            return;
        (*this)(key, value.emplace());
    }
    template <class T> void operator()(const char* key, std::vector<T>& values)
    {
        values.clear();
        const QJsonArray array = take(key, QJsonValue::Array).toArray();
        for (qsizetype i = 0; i < array.size(); ++i)
            readObject(
                array[i].toObject(), QStringLiteral("%1[%2]").arg(pathOf(key)).arg(i), values.emplace_back());
    }

    // After all fields: the first thing that was wrong.
    [[nodiscard]] Expected<void> finish()
    {
        for (auto it = m_object.begin(); it != m_object.end() && !m_error; ++it) {
            if (!m_seen.contains(it.key()))
                m_error = Error{ErrorCode::InvalidInput, QStringLiteral("is not known here"),
                    m_path.isEmpty() ? it.key() : m_path + u'.' + it.key(), {}};
        }
        if (m_error)
            return fail(*m_error);
        return {};
    }

private:
    [[nodiscard]] QString pathOf(const char* key) const
    {
        const QString name = QString::fromLatin1(key);
        return m_path.isEmpty() ? name : m_path + u'.' + name;
    }
    void refuse(const char* key, const QString& why)
    {
        if (!m_error)
            m_error = Error{ErrorCode::InvalidInput, why, pathOf(key), {}};
    }
    QJsonValue take(const char* key, QJsonValue::Type type)
    {
        m_seen.insert(QLatin1String(key));
        const QJsonValue json = m_object.value(QLatin1String(key));
        if (json.type() != type)
            refuse(
                key, json.isUndefined() ? QStringLiteral("is missing") : QStringLiteral("has a wrong type"));
        return json;
    }
    void readInt(const char* key, const QJsonValue& json, int& value)
    {
        const double number = json.toDouble();
        if (std::abs(number) > 1e9 || number != double(int(number)))
            return refuse(key, QStringLiteral("is not a whole number"));
        value = int(number);
    }
    template <class T> void readObject(const QJsonObject& object, const QString& path, T& value)
    {
        JsonReader inner(object, path);
        fields(inner, value);
        if (auto done = inner.finish(); !done && !m_error)
            m_error = done.error();
    }

    QJsonObject m_object;
    QString m_path;
    QSet<QString> m_seen;
    std::optional<Error> m_error;
};

} // namespace postern
