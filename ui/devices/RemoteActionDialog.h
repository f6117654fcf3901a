// Asks before a remote action, says exactly what will happen to which phones, and then shows how each was
// answered (ACT-03..10). Wipe: one device, its name typed, for a personal one a tick more, and Retire offered
// in its place (ACT-06). GUI thread.
#pragma once

#include <QDialog>

#include "models/base/Error.h"
#include "ui/devices/ActionTarget.h"

class QCheckBox;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class FormTextInput;
class PlainLabel;
class StepList;
} // namespace postern::widgets

namespace postern::devices {

class RemoteActionDialog final : public QDialog
{
    Q_OBJECT
public:
    // Targets that the action cannot be asked of are listed with the reason and left out.
    RemoteActionDialog(site::SiteClient& site, ActionKind kind, std::vector<ActionTarget> targets,
        QWidget* parent = nullptr);
    [[nodiscard]] int usable() const { return int(m_usable.size()); }
    [[nodiscard]] QString toText() const; // what is asked, and how it was answered

private:
    void build();
    [[nodiscard]] QWidget* buildQuestion();
    [[nodiscard]] QWidget* buildTargets(QWidget* parent);
    void addWipeGuards(QVBoxLayout* column, QWidget* page);
    [[nodiscard]] QWidget* buildButtons();
    [[nodiscard]] QStringList consequences() const;
    void updateButtons();
    void perform();
    void retireInstead();
    void answered(const postern::DeviceActionRequest& request, const std::optional<postern::Error>& refused);

    site::SiteClient& m_site;
    ActionKind m_kind;
    std::vector<ActionTarget> m_targets;
    std::vector<ActionTarget> m_usable;
    std::vector<DeviceActionRequest> m_open; // not answered yet
    QStackedWidget* m_stack = nullptr;
    widgets::FormTextInput* m_typed = nullptr;
    QCheckBox* m_personal = nullptr;
    widgets::PlainLabel* m_verdict = nullptr;
    widgets::StepList* m_steps = nullptr;
    QPushButton* m_act = nullptr;
    QPushButton* m_retire = nullptr;
    QPushButton* m_close = nullptr;
};

} // namespace postern::devices
