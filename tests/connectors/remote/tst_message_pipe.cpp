// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/frame.h"
#include "connectors/remote/message_pipe.h"

#include <QTest>

#include <unistd.h>

using namespace connectors::remote;

namespace {

/// What one end of a pipe hears.
struct Heard {
    std::mutex mutex;
    std::vector<QByteArray> messages;
    std::optional<MessagePipe::End> end;

    auto receiver()
    {
        return [this](const QByteArray &message) {
            const std::lock_guard lock(mutex);
            messages.push_back(message);
        };
    }
    auto ender()
    {
        return [this](MessagePipe::End how) {
            const std::lock_guard lock(mutex);
            end = how;
        };
    }
    size_t count()
    {
        const std::lock_guard lock(mutex);
        return messages.size();
    }
    std::optional<MessagePipe::End> ended()
    {
        const std::lock_guard lock(mutex);
        return end;
    }
};

struct Ends {
    int read = -1;
    int write = -1;
    Ends()
    {
        int ends[2];
        if (pipe(ends) != 0)
            qFatal("no pipe");
        read = ends[0];
        write = ends[1];
    }
};

} // namespace

class TestMessagePipe final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void messagesAreTakenOutOfAnyPiecesOfTheStream()
    {
        const QByteArray stream = frameOf("one") + frameOf("") + frameOf(QByteArray(100'000, 'x')) + frameOf("last");
        for (const qsizetype piece : {qsizetype(1), qsizetype(3), qsizetype(4096), stream.size()}) {
            FrameReader frames;
            std::vector<QByteArray> messages;
            for (qsizetype at = 0; at < stream.size(); at += piece) {
                frames.add(stream.constData() + at, std::min(piece, stream.size() - at));
                while (const auto message = frames.next())
                    messages.push_back(*message);
            }
            QCOMPARE(messages.size(), size_t(4));
            QCOMPARE(messages.at(0), QByteArray("one"));
            QCOMPARE(messages.at(1).size(), 0);
            QCOMPARE(messages.at(2).size(), 100'000);
            QCOMPARE(messages.at(3), QByteArray("last"));
        }
    }

    void anOverLongFrameBreaksTheStreamBeforeItIsRead()
    {
        FrameReader frames;
        frames.add("\xff\xff\xff\x7f", 4);
        QVERIFY(!frames.next());
        QVERIFY(frames.isBroken());
        frames.add("\x01\x00\x00\x00x", 5);
        QVERIFY(!frames.next());
    }

    void bothEndsHearEachOtherUntilOneGoes()
    {
        Ends there;
        Ends back;
        Heard left;
        Heard right;
        auto one = std::make_unique<MessagePipe>(back.read, there.write, left.receiver(), left.ender());
        const MessagePipe other(there.read, back.write, right.receiver(), right.ender());
        for (int i = 0; i < 100; ++i)
            one->send(QByteArray(100'000, static_cast<char>('a' + i % 26)));
        QTRY_COMPARE(right.count(), size_t(100));
        QCOMPARE(right.messages.at(27), QByteArray(100'000, 'b'));
        one.reset();
        QTRY_COMPARE(right.ended(), std::optional(MessagePipe::End::Closed));
    }

    void whoeverIsNotReadDoesNotHinderTheClosing()
    {
        Ends there;
        Ends back;
        Heard heard;
        {
            MessagePipe pipe(back.read, there.write, heard.receiver(), heard.ender());
            for (int i = 0; i < 100; ++i)
                pipe.send(QByteArray(100'000, 'x')); // more than the system keeps for who does not read
        }
        QCOMPARE(heard.ended(), std::optional(MessagePipe::End::Closed));
        close(there.read);
        close(back.write);
    }

    void bytesThatAreNoMessagesEndIt()
    {
        Ends there;
        Ends back;
        Heard heard;
        const MessagePipe pipe(back.read, there.write, heard.receiver(), heard.ender());
        QCOMPARE(write(back.write, "HTTP/1.1 200 OK\r\n", 17), ssize_t(17));
        QTRY_COMPARE(heard.ended(), std::optional(MessagePipe::End::Broken));
        close(there.read);
        close(back.write);
    }

    void anEndThatIsGoneIsNoSignal()
    {
        Ends there;
        Ends back;
        Heard heard;
        MessagePipe pipe(back.read, there.write, heard.receiver(), heard.ender());
        close(there.read);
        pipe.send("to nobody");
        close(back.write);
        QTRY_VERIFY(heard.ended().has_value());
    }
};

QTEST_GUILESS_MAIN(TestMessagePipe)
#include "tst_message_pipe.moc"
