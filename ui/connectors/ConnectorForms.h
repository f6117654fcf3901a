// The fields of a connector in three forms, hosted by the wizard's pages and by the properties dialog's tabs.
// load() and store() move values; store() leaves what a form does not show. GUI thread.
#pragma once

#include "models/domain/Connector.h"
#include "ui/connectors/ConnectorRules.h"
#include "ui/widgets/FactList.h"
#include "ui/widgets/Form.h"

namespace postern::widgets {
class FilePrompter;
class FormCheckInput;
class FormChoiceInput;
class FormNumberInput;
class FormPasswordInput;
class FormTextInput;
} // namespace postern::widgets

namespace postern::connectors {

class ScheduleInput;

class ConnectorForm : public widgets::Form
{
    Q_OBJECT
public:
    using Form::Form;
    virtual void load(const Connector& connector) = 0;
    virtual void store(Connector& connector) const = 0;
    [[nodiscard]] virtual QList<widgets::Fact> facts() const = 0;
};

class ConnectorGeneralForm final : public ConnectorForm
{
    Q_OBJECT
public:
    explicit ConnectorGeneralForm(QWidget* parent = nullptr);
    void load(const Connector& connector) override;
    void store(Connector& connector) const override;
    [[nodiscard]] QList<widgets::Fact> facts() const override;
    // The rules of the address depend on it.
    void setAuthentication(Authentication authentication);
    // Names that other connectors have.
    void setTakenNames(const QStringList& names) { m_takenNames = names; }

private:
    void showExpansion();
    widgets::FormTextInput* m_name;
    widgets::FormTextInput* m_address;
    Authentication m_authentication = Authentication::Negotiate;
    QStringList m_takenNames;
};

class ConnectorAccountForm final : public ConnectorForm
{
    Q_OBJECT
public:
    // `passwordIsKept`: a connector that exists; an empty password leaves the one in the key ring.
    ConnectorAccountForm(widgets::FilePrompter& prompter, bool passwordIsKept, QWidget* parent = nullptr);
    void load(const Connector& connector) override;
    void store(Connector& connector) const override;
    [[nodiscard]] QList<widgets::Fact> facts() const override;
    [[nodiscard]] QString secret() const;
    void clearSecret();
    [[nodiscard]] Authentication authentication() const;

signals:
    void authenticationChanged(postern::Authentication authentication);

private:
    void authenticationEdited();
    [[nodiscard]] QString userComplaint(const QString& user) const;
    [[nodiscard]] QString secretComplaint() const;
    widgets::FormChoiceInput* m_authentication;
    widgets::FormTextInput* m_user;
    widgets::FormPasswordInput* m_password;
    widgets::FormTextInput* m_caFile;
    bool m_passwordIsKept;
    QString m_loadedUser;
};

class ConnectorDiscoveryForm final : public ConnectorForm
{
    Q_OBJECT
public:
    explicit ConnectorDiscoveryForm(QWidget* parent = nullptr);
    void load(const Connector& connector) override;
    void store(Connector& connector) const override;
    [[nodiscard]] QList<widgets::Fact> facts() const override;

private:
    ScheduleInput* m_schedule;
    widgets::FormNumberInput* m_delta;
    widgets::FormCheckInput* m_ignoreInactive;
    widgets::FormNumberInput* m_inactiveDays;
    widgets::FormNumberInput* m_sessions;
};

} // namespace postern::connectors
