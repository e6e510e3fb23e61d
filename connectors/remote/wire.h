// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/message.h"
#include "connectors/remote/values.h"

#include <memory>

namespace connectors::remote {

/// What both ends say first.
struct Hello {
    quint32 protocol = 0;
    QString version; ///< of the program
};
template<> struct Fields<Hello> { static auto of(auto &v) { auto &[a, b] = v; return std::tie(a, b); } };

/// One that is longer is none.
inline constexpr qsizetype MostHelloBytes = 1000;

/// What a program of this version says.
[[nodiscard]] QByteArray helloBytes();
[[nodiscard]] std::optional<Hello> helloFrom(const QByteArray &bytes);

/// One message being made: the number of its question, what it says, and the values that belong to it.
class Writer final
{
public:
    Writer(quint32 id, Call call);
    Writer(quint32 id, Reply reply, const Traffic &traffic);
    template<typename... T>
    Writer &operator()(const T &...values)
    {
        putFields(*m_part, values...);
        return *this;
    }
    /// The values as one part, which the protocol has a message for.
    template<typename T>
    Writer &whole(const T &value)
    {
        Values<T>::put(*m_part, value);
        return *this;
    }
    [[nodiscard]] QByteArray bytes() const;

private:
    std::unique_ptr<Message> m_message;
    Message *m_part = nullptr;
};

/// One message that came. Bytes that are none, or that would need much more memory than they are long, are not sound; then
/// id() is 0.
class Reader final
{
public:
    [[nodiscard]] static Reader question(const QByteArray &bytes);
    [[nodiscard]] static Reader reply(const QByteArray &bytes);

    [[nodiscard]] bool isSound() const { return m_part != nullptr; }
    [[nodiscard]] quint32 id() const { return m_id; }
    [[nodiscard]] Call call() const { return static_cast<Call>(m_what); }
    [[nodiscard]] Reply kind() const { return static_cast<Reply>(m_what); }
    [[nodiscard]] const Traffic &traffic() const { return m_traffic; }
    /// False: these are not the values that belong to it.
    template<typename... T>
    [[nodiscard]] bool operator()(T &...values) const
    {
        return m_part && takeFields(*m_part, values...);
    }
    template<typename T>
    [[nodiscard]] bool whole(T &value) const
    {
        return m_part && Values<T>::take(*m_part, value);
    }

private:
    Reader() = default;
    void parse(std::unique_ptr<Message> message, const QByteArray &bytes);

    std::shared_ptr<const Message> m_message;
    const Message *m_part = nullptr;
    quint32 m_id = 0;
    int m_what = 0;
    Traffic m_traffic;
};

} // namespace connectors::remote
