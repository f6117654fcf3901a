// The code that somebody enters on another device to sign in (RFC 8628): large, to be copied, with the page
// that takes it and how long it counts. Cancel gives the sign-in up. GUI thread.
#pragma once

#include <QDialog>

#include "models/domain/Tenant.h"
#include "ui/cloud/SignInFlow.h"

namespace postern::cloud {

class DeviceCodeDialog final : public QDialog
{
    Q_OBJECT
public:
    DeviceCodeDialog(DeviceCodePrompt prompt, OpenUrl open, QWidget* parent = nullptr);

private:
    void build();
    DeviceCodePrompt m_prompt;
    OpenUrl m_open;
};

} // namespace postern::cloud
