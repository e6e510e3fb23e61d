// SPDX-License-Identifier: GPL-3.0-or-later
// A libFuzzer target: FUZZED_READER is one of tests/fuzz/protocol_readers.h.
#include "tests/fuzz/protocol_readers.h"

#include <google/protobuf/stubs/logging.h>

#include <tuple>

extern "C" int LLVMFuzzerInitialize(int *, char ***)
{
    google::protobuf::SetLogHandler(nullptr); // a line for each malformed text is slow
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const quint8 *data, size_t size)
{
    std::ignore = tests::FUZZED_READER(QByteArray(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)));
    return 0;
}
