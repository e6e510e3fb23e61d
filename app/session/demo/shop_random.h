// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <string_view>

namespace session::demo {

/// Chance without state: the same question about the same order has the same answer in every run with the same seed, in
/// whatever order the questions are asked. SplitMix64's finaliser over an FNV-1a hash of the question.
[[nodiscard]] constexpr quint64 drawBits(quint64 seed, quint64 order, std::string_view question)
{
    quint64 hash = 0xcbf29ce484222325ULL;
    for (const char c : question)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    quint64 bits = hash ^ (seed * 0x9e3779b97f4a7c15ULL) ^ (order * 0xbf58476d1ce4e5b9ULL);
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
    return bits ^ (bits >> 31);
}

/// 0 … below − 1
[[nodiscard]] constexpr quint64 drawBelow(quint64 seed, quint64 order, std::string_view question, quint64 below)
{
    return drawBits(seed, order, question) % below;
}

} // namespace session::demo
