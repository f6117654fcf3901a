#include "ui/widgets/IconSet.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

// Resources in a static library are dropped by the linker unless asked for, and the macro must be outside a
// namespace.
static void loadIcons()
{
    Q_INIT_RESOURCE(postern_icons);
}

namespace postern::widgets {

using namespace Qt::StringLiterals;

namespace {

class LineIconEngine final : public QIconEngine
{
public:
    LineIconEngine(QString name, QByteArray svg, std::optional<Tone> tone)
        : m_name(std::move(name))
        , m_svg(std::move(svg))
        , m_tone(tone)
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
        QPixmap image = pixmap(rect.size() * ratio, mode, state);
        image.setDevicePixelRatio(ratio);
        painter->drawPixmap(rect, image);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override
    {
        const QPalette palette = QGuiApplication::palette();
        const QColor main = color(palette, mode);
        const QColor accent
            = mode == QIcon::Normal || mode == QIcon::Active ? toneColor(Tone::Accent, palette) : main;
        const QString key = u"postern/%1/%2/%3/%4/%5"_s.arg(m_name, main.name(), accent.name())
                                .arg(size.width())
                                .arg(size.height());
        QPixmap image;
        if (QPixmapCache::find(key, &image))
            return image;
        QByteArray svg = m_svg;
        svg.replace("currentColor", main.name().toLatin1()).replace("#accent", accent.name().toLatin1());
        image = QPixmap(size);
        image.fill(Qt::transparent);
        QSvgRenderer renderer(svg);
        QPainter painter(&image);
        renderer.render(&painter, QRectF(QPointF(), QSizeF(size)));
        painter.end();
        QPixmapCache::insert(key, image);
        return image;
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal) override
    {
        return pixmap(size, mode, state);
    }

    QIconEngine* clone() const override { return new LineIconEngine(m_name, m_svg, m_tone); }
    QString iconName() override { return m_name; }
    bool isNull() override { return m_svg.isEmpty(); }

private:
    [[nodiscard]] QColor color(const QPalette& palette, QIcon::Mode mode) const
    {
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        if (mode == QIcon::Selected)
            return palette.color(QPalette::HighlightedText);
        return m_tone ? toneColor(*m_tone, palette) : palette.color(QPalette::ButtonText);
    }

    QString m_name;
    QByteArray m_svg;
    std::optional<Tone> m_tone;
};

QIcon makeIcon(const QString& name, std::optional<Tone> tone)
{
    static const bool loaded = (loadIcons(), true);
    Q_UNUSED(loaded)
    QFile file(u":/postern/icons/%1.svg"_s.arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        qWarning("No icon named %s", qPrintable(name));
        return {};
    }
    return QIcon(new LineIconEngine(name, file.readAll(), tone));
}

} // namespace

QIcon icon(const QString& name)
{
    return makeIcon(name, std::nullopt);
}

QIcon icon(const QString& name, Tone tone)
{
    return makeIcon(name, tone);
}

} // namespace postern::widgets
