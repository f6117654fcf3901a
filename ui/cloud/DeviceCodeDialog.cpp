#include "ui/cloud/DeviceCodeDialog.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

#include "models/items/VisibleText.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::cloud {

using namespace Qt::StringLiterals;
using widgets::PlainLabel;
namespace spacing = widgets::spacing;

DeviceCodeDialog::DeviceCodeDialog(DeviceCodePrompt prompt, OpenUrl open, QWidget* parent)
    : QDialog(parent)
    , m_prompt(std::move(prompt))
    , m_open(std::move(open))
{
    setWindowTitle(tr("Sign In With a Code"));
    build();
    resize(460, sizeHint().height());
}

void DeviceCodeDialog::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::wide, spacing::wide, spacing::wide, 12);
    column->setSpacing(spacing::normal);
    const auto add = [this, column](const QString& text, PlainLabel::Look look) {
        auto* label = new PlainLabel(text, look, this);
        label->setMessage();
        column->addWidget(label);
        return label;
    };
    add(tr("1. Open this page on any device:"), PlainLabel::Look::Body);
    add(items::visibleText(m_prompt.verificationUrl), PlainLabel::Look::Strong);
    add(tr("2. Enter this code there and sign in:"), PlainLabel::Look::Body);
    PlainLabel* code = add(items::visibleText(m_prompt.userCode), PlainLabel::Look::Title);
    code->setAccessibleName(tr("Code: %1").arg(m_prompt.userCode));
    add(tr("The code counts until %1. This window closes by itself when you have signed in.")
            .arg(QLocale().toString(m_prompt.expiresAt.toLocalTime().time(), QLocale::ShortFormat)),
        PlainLabel::Look::Muted);
    column->addStretch(1);
    auto* row = new QHBoxLayout;
    auto* copy = new QPushButton(widgets::icon(u"copy"_s), tr("C&opy Code"), this);
    auto* page = new QPushButton(tr("Open &Page"), this);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    for (auto* button : {copy, page, cancel})
        button->setAutoDefault(false);
    const QUrl address(m_prompt.verificationUrl, QUrl::StrictMode);
    page->setEnabled(address.isValid() && address.scheme() == "https"_L1);
    connect(copy, &QPushButton::clicked, this,
        [this] { QGuiApplication::clipboard()->setText(m_prompt.userCode); });
    connect(page, &QPushButton::clicked, this, [this, address] { static_cast<void>(m_open(address)); });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    row->addWidget(copy);
    row->addWidget(page);
    row->addStretch(1);
    row->addWidget(cancel);
    column->addLayout(row);
}

} // namespace postern::cloud
