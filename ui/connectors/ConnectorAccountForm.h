// CON-08, 10, 11: the account that reads and writes, and the one that sends mail to users. GUI thread.
#pragma once

#include "ui/connectors/ConnectorForm.h"

class QPushButton;

namespace postern::widgets {
class FilePrompter;
class FormChoiceInput;
class FormPasswordInput;
class FormRadioInput;
class FormTextInput;
} // namespace postern::widgets

namespace postern::connectors {

class ConnectorAccountForm final : public ConnectorForm
{
    Q_OBJECT
public:
    // `passwordIsKept`: a connector that exists; an empty password leaves the one in the key ring.
    ConnectorAccountForm(widgets::FilePrompter& prompter, bool passwordIsKept, QWidget* parent = nullptr);
    void load(const Connector& connector) override;
    void store(Connector& connector) const override;
    [[nodiscard]] QList<widgets::Fact> facts() const override;
    [[nodiscard]] QString help() const override;
    [[nodiscard]] QString secret() const; // "" with the account that runs Postern
    void clearSecret();
    [[nodiscard]] Authentication authentication() const;

signals:
    void authenticationChanged(postern::Authentication authentication);
    void verifyRequested(); // the notification account of this draft

private:
    void buildSignIn(widgets::FilePrompter& prompter);
    void buildNotification();
    void authenticationEdited();
    void accountEdited();
    [[nodiscard]] bool usesOwnAccount() const;
    [[nodiscard]] QString userComplaint(const QString& user) const;
    [[nodiscard]] QString secretComplaint() const;
    widgets::FormChoiceInput* m_authentication = nullptr;
    widgets::FormRadioInput* m_mode = nullptr;
    widgets::FormTextInput* m_user = nullptr;
    widgets::FormPasswordInput* m_password = nullptr;
    widgets::FormTextInput* m_caFile = nullptr;
    widgets::FormTextInput* m_notification = nullptr;
    QPushButton* m_verify = nullptr;
    widgets::FormTextInput* m_ews = nullptr;
    bool m_passwordIsKept;
    QString m_loadedUser;
};

} // namespace postern::connectors
