// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/wire.h"

#include "connection.pb.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

namespace connectors::remote {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::io::CodedInputStream;
using google::protobuf::internal::WireFormatLite;

// Two bytes can announce an empty part or text of dozens: this bounds what a message costs before it is taken apart.
constexpr int MostParts = 2'000'000;
constexpr int MostDepth = 16;

static_assert(static_cast<int>(Call::Open) == streamgauge::Question::kOpen && static_cast<int>(Call::ListSnapshots) == streamgauge::Question::kListSnapshots);
static_assert(static_cast<int>(Reply::Error) == streamgauge::Reply::kError && static_cast<int>(Reply::Snapshots) == streamgauge::Reply::kSnapshots);

const FieldDescriptor *fieldOf(const Message &message, int number)
{
    return message.GetDescriptor()->FindFieldByNumber(number);
}

bool isModest(CodedInputStream &in, const Descriptor &type, int depth, int &partsLeft)
{
    while (const quint32 tag = in.ReadTag()) {
        const FieldDescriptor *field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
        const bool hasLength = WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
        const bool isPart = field && hasLength && field->type() == FieldDescriptor::TYPE_MESSAGE;
        if (!isPart) {
            const int before = in.CurrentPosition();
            if (!WireFormatLite::SkipField(&in, tag))
                return false;
            if (field && field->is_repeated()) // many numbers may be packed into one field, a byte each
                partsLeft -= hasLength && field->is_packable() ? in.CurrentPosition() - before : 1;
            if (partsLeft < 0)
                return false;
            continue;
        }
        quint32 length = 0;
        if (depth >= MostDepth || --partsLeft < 0 || !in.ReadVarint32(&length) || length > static_cast<quint32>(std::numeric_limits<int>::max()))
            return false;
        const auto outer = in.PushLimit(static_cast<int>(length));
        const bool isFine = isModest(in, *field->message_type(), depth + 1, partsLeft) && in.BytesUntilLimit() == 0;
        in.PopLimit(outer);
        if (!isFine)
            return false;
    }
    return in.ConsumedEntireMessage();
}

QByteArray bytesOf(const Message &message)
{
    QByteArray bytes(static_cast<qsizetype>(message.ByteSizeLong()), Qt::Uninitialized);
    message.SerializeWithCachedSizesToArray(reinterpret_cast<quint8 *>(bytes.data()));
    return bytes;
}

} // namespace

QByteArray helloBytes()
{
    streamgauge::Hello message;
    Values<Hello>::put(message, Hello{ProtocolVersion, QStringLiteral(STREAMGAUGE_VERSION)});
    return bytesOf(message);
}

std::optional<Hello> helloFrom(const QByteArray &bytes)
{
    streamgauge::Hello message;
    Hello hello;
    const bool isHello = bytes.size() <= MostHelloBytes && message.ParseFromArray(bytes.constData(), static_cast<int>(bytes.size())) && Values<Hello>::take(message, hello);
    return isHello ? std::optional(hello) : std::nullopt;
}

Writer::Writer(quint32 id, Call call)
    : m_message(std::make_unique<streamgauge::Question>())
{
    putNumber(*m_message, *fieldOf(*m_message, streamgauge::Question::kIdFieldNumber), id);
    m_part = &newPart(*m_message, *fieldOf(*m_message, static_cast<int>(call)));
}

Writer::Writer(quint32 id, Reply reply, const Traffic &traffic)
    : m_message(std::make_unique<streamgauge::Reply>())
{
    putNumber(*m_message, *fieldOf(*m_message, streamgauge::Reply::kIdFieldNumber), id);
    putField(*m_message, *fieldOf(*m_message, streamgauge::Reply::kTrafficFieldNumber), traffic);
    m_part = &newPart(*m_message, *fieldOf(*m_message, static_cast<int>(reply)));
}

QByteArray Writer::bytes() const
{
    return bytesOf(*m_message);
}

Reader Reader::question(const QByteArray &bytes)
{
    Reader reader;
    reader.parse(std::make_unique<streamgauge::Question>(), bytes);
    return reader;
}

Reader Reader::reply(const QByteArray &bytes)
{
    Reader reader;
    reader.parse(std::make_unique<streamgauge::Reply>(), bytes);
    if (reader.isSound() && !takeField(*reader.m_message, *fieldOf(*reader.m_message, streamgauge::Reply::kTrafficFieldNumber), reader.m_traffic))
        return {};
    return reader;
}

void Reader::parse(std::unique_ptr<Message> message, const QByteArray &bytes)
{
    if (bytes.size() > std::numeric_limits<int>::max())
        return;
    const int size = static_cast<int>(bytes.size());
    CodedInputStream in(reinterpret_cast<const quint8 *>(bytes.constData()), size);
    int partsLeft = MostParts;
    if (!isModest(in, *message->GetDescriptor(), 0, partsLeft) || !message->ParseFromArray(bytes.constData(), size))
        return;
    const auto *reflection = message->GetReflection();
    const FieldDescriptor *what = reflection->GetOneofFieldDescriptor(*message, message->GetDescriptor()->oneof_decl(0));
    if (!what)
        return;
    m_id = static_cast<quint32>(number(*message, *fieldOf(*message, 1)));
    m_what = what->number();
    m_part = &part(*message, *what);
    m_message = std::move(message);
}

} // namespace connectors::remote
