#include "ui/devices/RemoteActionDialog.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "models/base/ErrorText.h"
#include "models/items/VisibleText.h"
#include "services/site/SiteClient.h"
#include "ui/widgets/FactList.h"
#include "ui/widgets/FormInputs.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/StepList.h"

namespace postern::devices {

using namespace Qt::StringLiterals;
using items::visibleText;
using widgets::Fact;
using widgets::PlainLabel;
using widgets::Step;
using widgets::Tone;
namespace spacing = widgets::spacing;

namespace {

QString stepId(const DeviceActionRequest& request)
{
    return QString::number(request.device.value);
}

} // namespace

RemoteActionDialog::RemoteActionDialog(
    site::SiteClient& site, ActionKind kind, std::vector<ActionTarget> targets, QWidget* parent)
    : QDialog(parent)
    , m_site(site)
    , m_kind(kind)
    , m_targets(std::move(targets))
{
    for (const ActionTarget& target : m_targets) {
        if (refusal(target, kind).isEmpty())
            m_usable.push_back(target);
    }
    setWindowTitle(actionTitle(kind));
    setWindowIcon(widgets::icon(isDestructive(kind) ? u"warning"_s : u"devices"_s));
    build();
    updateButtons();
    resize(640, 520);
    connect(&m_site, &site::SiteClient::deviceActionAnswered, this, &RemoteActionDialog::answered);
}

void RemoteActionDialog::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::wide, spacing::wide, spacing::wide, 12);
    column->setSpacing(spacing::normal);
    m_verdict = new PlainLabel(m_usable.size() == 1
            ? tr("%1: %2").arg(actionTitle(m_kind), visibleText(m_usable.front().name))
            : tr("%1: %n device(s)", nullptr, int(m_usable.size())).arg(actionTitle(m_kind)),
        PlainLabel::Look::Heading, this);
    m_verdict->setMessage();
    column->addWidget(m_verdict);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(buildQuestion());
    m_steps = new widgets::StepList(m_stack);
    m_stack->addWidget(m_steps);
    column->addWidget(m_stack, 1);
    column->addWidget(buildButtons());
}

QStringList RemoteActionDialog::consequences() const
{
    QStringList all;
    for (const ActionTarget& target : m_usable)
        all.append(consequence(m_kind, target.platform));
    all.removeDuplicates();
    return all;
}

QWidget* RemoteActionDialog::buildQuestion()
{
    auto* page = new QWidget(m_stack);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::normal);
    for (const QString& text : consequences()) {
        auto* label = new PlainLabel(text, PlainLabel::Look::Body, page);
        label->setMessage();
        column->addWidget(label);
    }
    if (isDestructive(m_kind)) {
        auto* order = new PlainLabel(tr("Do not block the phone in Exchange before it has answered: a "
                                        "blocked phone may never be told. "
                                        "Removing its partnership erases nothing."),
            PlainLabel::Look::Muted, page);
        order->setMessage();
        column->addWidget(order);
    }
    column->addWidget(buildTargets(page), 1);
    if (m_kind == ActionKind::Wipe && m_usable.size() == 1)
        addWipeGuards(column, page);
    return page;
}

QWidget* RemoteActionDialog::buildTargets(QWidget* parent)
{
    QList<Fact> lines;
    for (const ActionTarget& target : m_targets) {
        const QString why = refusal(target, m_kind);
        const bool alarming = isDestructive(m_kind) && target.owner != DeviceOwnerType::Company;
        const QString what
            = tr("%1, %2, %3")
                  .arg(ownerSentence(target.owner), visibleText(target.user), visibleText(target.model));
        if (why.isEmpty())
            lines.append({visibleText(target.name), what, alarming ? Tone::Bad : Tone::Neutral});
        else
            lines.append({visibleText(target.name), tr("Left out. %1.").arg(why), Tone::Warning});
    }
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    auto* facts = new widgets::FactList(body);
    facts->setFacts(lines);
    column->addWidget(facts, 1);
    auto* area = new QScrollArea(parent);
    area->setAccessibleName(tr("Devices"));
    area->setWidgetResizable(true);
    area->setWidget(body);
    return area;
}

// ACT-04: the name is typed, so that nobody wipes a phone by habit.
void RemoteActionDialog::addWipeGuards(QVBoxLayout* column, QWidget* page)
{
    const ActionTarget& target = m_usable.front();
    if (target.owner != DeviceOwnerType::Company) {
        m_personal
            = new QCheckBox(tr("I know that this erases data that does not belong to the company"), page);
        connect(m_personal, &QCheckBox::toggled, this, &RemoteActionDialog::updateButtons);
        column->addWidget(m_personal);
    }
    m_typed = new widgets::FormTextInput(
        {tr("&Name of the device"), tr("Type it to confirm: %1").arg(visibleText(target.name))}, page);
    connect(m_typed, &widgets::FormField::edited, this, &RemoteActionDialog::updateButtons);
    column->addWidget(m_typed);
}

QWidget* RemoteActionDialog::buildButtons()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    m_act = new QPushButton(actionTitle(m_kind), bar);
    m_act->setObjectName(u"act"_s);
    m_retire = new QPushButton(tr("&Retire Instead..."), bar);
    m_retire->setToolTip(tr("Removes company data only"));
    m_retire->setVisible(m_kind == ActionKind::Wipe);
    m_close = new QPushButton(tr("Cancel"), bar);
    for (auto* button : {m_act, m_retire})
        button->setAutoDefault(false);
    m_close->setDefault(true);
    connect(m_act, &QPushButton::clicked, this, &RemoteActionDialog::perform);
    connect(m_retire, &QPushButton::clicked, this, &RemoteActionDialog::retireInstead);
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    row->addWidget(m_retire);
    row->addStretch(1);
    row->addWidget(m_act);
    row->addWidget(m_close);
    return bar;
}

void RemoteActionDialog::updateButtons()
{
    const bool one = m_kind != ActionKind::Wipe || m_usable.size() == 1;
    const bool named = m_typed == nullptr || m_typed->text() == visibleText(m_usable.front().name).trimmed();
    const bool known = m_personal == nullptr || m_personal->isChecked();
    m_act->setEnabled(!m_usable.empty() && one && named && known);
    m_act->setToolTip(one ? QString() : tr("A wipe is for one device at a time"));
}

void RemoteActionDialog::perform()
{
    m_act->hide();
    m_retire->hide();
    m_close->setText(tr("Close"));
    m_stack->setCurrentIndex(1);
    for (const ActionTarget& target : m_usable) {
        const DeviceActionRequest request = requestFor(target, m_kind);
        m_open.push_back(request);
        m_steps->setStep(
            {stepId(request), visibleText(target.name), Step::Outcome::Running, tr("Waiting for Intune")});
    }
    const std::vector<DeviceActionRequest> requests = m_open; // an answer may come at once
    for (const DeviceActionRequest& request : requests)
        m_site.performDeviceAction(request);
}

void RemoteActionDialog::retireInstead()
{
    auto* other = new RemoteActionDialog(m_site, ActionKind::Retire, m_targets, parentWidget());
    other->setAttribute(Qt::WA_DeleteOnClose);
    other->open();
    reject();
}

void RemoteActionDialog::answered(
    const postern::DeviceActionRequest& request, const std::optional<postern::Error>& refused)
{
    if (std::erase(m_open, request) == 0)
        return;
    m_steps->setStep({stepId(request), visibleText(request.deviceName),
        refused ? Step::Outcome::Fail : Step::Outcome::Pass,
        refused ? ErrorText::sentence(*refused)
                : tr("Intune has taken it; the phone does it when it next answers.")});
    if (!m_open.empty())
        return;
    const auto failed = std::ranges::count(m_steps->steps(), Step::Outcome::Fail, &Step::outcome);
    m_verdict->setText(failed == 0 ? tr("Asked for. The Intune tab of the device shows how far it is.")
                                   : tr("%n of the requests failed.", nullptr, int(failed)));
    m_steps->showFirstFailure();
}

QString RemoteActionDialog::toText() const
{
    QStringList lines{m_verdict->text()};
    for (const auto* label : m_stack->currentWidget()->findChildren<PlainLabel*>()) {
        if (!label->isHidden() && !label->text().isEmpty())
            lines.append(label->text());
    }
    return lines.join(u'\n') + u'\n' + m_steps->toText();
}

} // namespace postern::devices
