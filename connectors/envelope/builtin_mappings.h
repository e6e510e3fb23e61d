// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

namespace connectors::envelope {

/// The files of resources/envelopes as they are, in the order in which they are tried.
[[nodiscard]] const std::vector<std::string_view> &builtinMappingTexts();

} // namespace connectors::envelope
