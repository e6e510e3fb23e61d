// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace models::event {

/// Texts that occur many times, each kept once and named by a number. A UUID in its usual form (lower case, hyphens)
/// takes 16 bytes, any other text its own length. Open addressing over the numbers, so that a text costs about 20 bytes
/// besides its own. Numbers are handed out in order, beginning with 1; 0 means that there is no text. A table that has
/// reached its limit names what is new NotKept: such a text is to be read again with its event.
class InternTable final
{
public:
    static constexpr quint32 None = 0;
    static constexpr quint32 NotKept = 0xffffffff;
    static constexpr qint64 DefaultLimitBytes = 256 * 1024 * 1024;

    explicit InternTable(qint64 limitBytes = DefaultLimitBytes);

    [[nodiscard]] quint32 intern(std::string_view text);
    /// Empty for None and NotKept.
    [[nodiscard]] std::string text(quint32 number) const;
    /// The number of a text that is known already; None where it is not.
    [[nodiscard]] quint32 find(std::string_view text) const;
    [[nodiscard]] quint32 count() const { return static_cast<quint32>(m_ends.size()); }
    [[nodiscard]] qint64 memoryBytes() const;

private:
    /// What is stored for a text: one byte that says how, then the bytes.
    [[nodiscard]] std::string_view stored(quint32 number) const;
    [[nodiscard]] static std::string packed(std::string_view text);
    struct Slot {
        quint32 number = None; ///< None: free
        quint32 hash = 0;      ///< kept, so that growing need not read the texts
    };
    [[nodiscard]] size_t slotOf(std::string_view stored, quint32 hash) const;
    void grow();

    qint64 m_limitBytes;
    std::vector<char> m_bytes;
    std::vector<quint64> m_ends;  ///< of text n at n − 1
    std::vector<Slot> m_slots;    ///< a power of two
};

/// The 16 bytes of a UUID written in lower case with hyphens; null for every other text, so that it can be written back
/// exactly as it was.
[[nodiscard]] std::optional<std::string> uuidBytes(std::string_view text);
[[nodiscard]] std::string uuidText(std::string_view bytes);

} // namespace models::event
