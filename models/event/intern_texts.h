// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace models::event {

/// The texts of an InternTable by their numbers, without what finds them again. A copy takes a pointer for 64 KiB and sees
/// what there was when it was made; it may be read on another thread while the table goes on, since what was written once
/// never moves and never changes.
class InternTexts final
{
public:
    /// What is stored for a text: its bytes, or the 16 of the UUID.
    struct Stored {
        bool isUuid = false;
        std::string_view bytes;
    };

    [[nodiscard]] quint32 count() const { return m_count; }
    [[nodiscard]] std::string text(quint32 number) const; ///< `number` from 1 to count()
    [[nodiscard]] Stored stored(quint32 number) const;
    /// Bytewise by their texts, without making them; in two steps, since most texts differ in their first bytes.
    [[nodiscard]] quint64 prefix(quint32 number) const;
    [[nodiscard]] bool isLess(quint32 a, quint32 b) const;

    void add(const Stored &text);
    /// Without what is still free in the last block.
    [[nodiscard]] qint64 memoryBytes() const { return static_cast<qint64>(m_next + m_count * sizeof(quint32)); }

private:
    static constexpr size_t BlockBytes = 65'536;
    static constexpr size_t BlockPlaces = BlockBytes / sizeof(quint32);
    [[nodiscard]] char *allocate(size_t size);

    std::vector<std::shared_ptr<char[]>> m_blocks; ///< a text longer than a block has several; the first one holds it
    size_t m_next = 0;                             ///< first free byte, counted over all blocks
    std::vector<std::shared_ptr<std::array<quint32, BlockPlaces>>> m_places; ///< of text n at n − 1, counted so; below 4 GiB because of the table's limit
    quint32 m_count = 0;
};

/// The 16 bytes of a UUID written in lower case with hyphens; null for every other text, so that it can be written back
/// exactly as it was.
[[nodiscard]] std::optional<std::array<char, 16>> uuidBytes(std::string_view text);
[[nodiscard]] std::string uuidText(std::string_view bytes);

} // namespace models::event
