// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/intern_texts.h"

namespace models::event {

/// Texts that occur many times, each kept once and named by a number. A UUID in its usual form (lower case, hyphens)
/// takes 16 bytes, any other text its own length. Numbers are handed out in order, beginning with 1; 0 means that there is
/// no text. A table that has reached its limit names what is new NotKept: such a text is to be read again with its event.
///
/// Bytes lie in blocks that never move, numbers are found by open addressing in 64 shards that grow one by one and by a
/// quarter: a text costs about 16 bytes besides its own, and no call has to move more than a shard (the GUI thread makes them).
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
    [[nodiscard]] quint32 count() const { return m_texts.count(); }
    [[nodiscard]] const InternTexts &texts() const { return m_texts; } ///< to be copied for another thread
    /// Without what is still free in the last block.
    [[nodiscard]] qint64 memoryBytes() const;

private:
    static constexpr unsigned ShardBits = 6;

    /// What is stored for a text: its bytes, or those of the UUID.
    struct Packed {
        bool isUuid = false;
        std::array<char, 16> uuid{};
        std::string_view text;
        [[nodiscard]] std::string_view bytes() const { return isUuid ? std::string_view(uuid.data(), uuid.size()) : text; }
    };
    struct Slot {
        quint32 number = None; ///< None: free
        quint32 hash = 0;      ///< kept, so that growing need not read the texts
    };
    struct Shard {
        std::vector<Slot> slots;
        quint32 used = 0;
    };
    [[nodiscard]] static Packed packed(std::string_view text);
    [[nodiscard]] static quint32 hashOf(const Packed &packed);
    [[nodiscard]] static size_t homeOf(const Shard &shard, quint32 hash);
    [[nodiscard]] size_t slotOf(const Shard &shard, const Packed &wanted, quint32 hash) const;
    void grow(Shard &shard);

    qint64 m_limitBytes;
    InternTexts m_texts;
    std::array<Shard, 1U << ShardBits> m_shards; ///< by the highest bits of the hash
    qint64 m_slotBytes = 0;
};

} // namespace models::event
