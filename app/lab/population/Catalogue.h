// The phone models of the lab: how each kind names itself to Exchange. Constant data, any thread.
#pragma once

#include <span>
#include <string_view>

#include "app/lab/population/Person.h"

namespace postern::lab {

enum class IdKind { ApplSerial, Hex32, AndroidC, Samsung };

struct PhoneModel
{
    std::string_view type, model, friendly, os, userAgent, protocol;
    IdKind id = IdKind::Hex32;
    PhoneClient client = PhoneClient::Eas;
    bool provisionable = true;
    unsigned weight = 1;
};

[[nodiscard]] std::span<const PhoneModel> phoneModels();

} // namespace postern::lab
