// The last lines of EasDisc.log that concern one connector, with Open and Refresh: a tab of its properties
// and the body of Show Log. GUI thread.
#pragma once

#include <QWidget>

class QPushButton;
class QTreeWidget;

namespace postern::widgets {
class PlainLabel;
}

namespace postern::connectors {

class LogPanel final : public QWidget
{
    Q_OBJECT
public:
    // `path` "": the service runs elsewhere, its log is there.
    LogPanel(QString path, QString connectorName, QWidget* parent = nullptr);
    void refresh();
    [[nodiscard]] int lineCount() const;

private:
    void build();
    void openFile() const;
    void copy() const;
    QString m_path;
    QString m_name;
    widgets::PlainLabel* m_note;
    QTreeWidget* m_lines;
    QPushButton* m_open = nullptr;
};

} // namespace postern::connectors
