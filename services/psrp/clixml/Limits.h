// What a CLIXML document may ask of us. The defaults follow Windows (50 levels, 10 MiB an object) and are far
// above what Exchange sends. Passing one is ErrorCode::LimitExceeded with the byte offset in the detail.
#pragma once

#include <QtGlobal>

namespace postern::clixml {

struct Limits
{
    qsizetype documentBytes
        = 10 * 1024 * 1024; // of one message; a file read by Reader::readFile may have fileBytes
    qsizetype fileBytes = 64 * 1024 * 1024;
    int objectDepth = 50; // Obj in Obj; elements may nest about three times as deep
    int resolvedDepth = 200; // Obj in Obj when Refs are followed
    qint64 elements = 1'000'000;
    qsizetype nameBytes = 4096; // of an element, an attribute or a property name
    int attributes = 16; // of one element
    qint64 references = 250'000; // RefIds of objects and of type name lists together
    int memoryFactor = 16; // a decoded document may take so many bytes for one of input (plus 1 MiB)
};

} // namespace postern::clixml
