// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace tests {

/// Where the sources are, and where the programs were built: absolute, without a slash at the end. Known to one file only, so
/// that all others compile the same in every folder.
[[nodiscard]] QString sourceFolder();
[[nodiscard]] QString programFolder();

} // namespace tests
