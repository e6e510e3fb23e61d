// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kafka_bomb.h"

#include "tests/support/kafka_server.h"

#include <QProcess>
#include <QTemporaryFile>

namespace tests {

namespace {

constexpr int BombTimeoutMs = 120'000;

void fill(QFile &file, qint64 bytes)
{
    constexpr qint64 ChunkBytes = 1 << 20;
    const QByteArray chunk(ChunkBytes, 'a');
    for (qint64 left = bytes; left > 0; left -= ChunkBytes)
        file.write(chunk.constData(), std::min(left, ChunkBytes));
    file.flush();
}

} // namespace

void writeBomb(const QString &topic, const QString &codec, qint64 bytes, int records)
{
    QTemporaryFile file;
    if (!file.open())
        qFatal("No room for a bomb");
    fill(file, bytes);
    QStringList arguments{u"-b"_qs, kafkaBootstrap(), u"-P"_qs, u"-t"_qs, topic, u"-p"_qs, u"0"_qs, u"-z"_qs, codec, u"-X"_qs, u"message.max.bytes=1000000000"_qs, u"-X"_qs,
                             u"batch.size=1000000000"_qs, u"-X"_qs, u"linger.ms=2000"_qs, u"-X"_qs, u"queue.buffering.max.kbytes=2000000"_qs, u"-X"_qs,
                             u"batch.num.messages=%1"_qs.arg(records)};
    for (int record = 0; record < records; ++record)
        arguments += file.fileName(); // each time the whole file
    QProcess kcat;
    kcat.start(u"kcat"_qs, arguments);
    if (!kcat.waitForFinished(BombTimeoutMs) || kcat.exitCode() != 0)
        qFatal("No bomb was written: %s", kcat.readAllStandardError().constData());
}

} // namespace tests
