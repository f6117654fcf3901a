// What nearly every file includes; measured to halve a clean build. Nothing of ours, so that it seldom changes.
#pragma once
#include <QByteArray>
#include <QCoroTask>
#include <QDateTime>
#include <QHash>
#include <QObject>
#include <QString>
#include <QUuid>
#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <tl/expected.hpp>
#include <vector>
