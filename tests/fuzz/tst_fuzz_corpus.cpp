// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/corpus_messages.h"
#include "tests/fuzz/protocol_readers.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTest>

using tests::ProtocolReader;

namespace {

constexpr qsizetype SmallBytes = 2'000; ///< of these everything near is tried too

const QHash<QString, ProtocolReader> &readers()
{
    static const QHash<QString, ProtocolReader> all{{QStringLiteral("frames"), tests::readFrames}, {QStringLiteral("question"), tests::readQuestion},
                                                    {QStringLiteral("reply"), tests::readReply},   {QStringLiteral("batch"), tests::readBatch},
                                                    {QStringLiteral("hello"), tests::readHello}};
    return all;
}

} // namespace

/// What the protocol's readers are fuzzed with, and everything near it, without a fuzzer: none of it may crash, hang or take
/// memory that it does not have. STREAMGAUGE_WRITE_CORPUS makes the corpus anew.
class TestFuzzCorpus final : public QObject
{
    Q_OBJECT

private:
    const QDir m_corpus{QStringLiteral(CORPUS_FOLDER)};

    static QByteArray contentOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!qEnvironmentVariableIsSet("STREAMGAUGE_WRITE_CORPUS"))
            return;
        for (const tests::CorpusMessage &message : tests::corpusMessages()) {
            m_corpus.mkpath(message.file.section(u'/', 0, 0));
            QFile file(m_corpus.filePath(message.file));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(message.bytes) == message.bytes.size());
        }
    }

    void whatIsWrittenTodayIsReadAndInTheCorpus()
    {
        for (const tests::CorpusMessage &message : tests::corpusMessages()) {
            QVERIFY2(readers()[message.file.section(u'/', 0, 0)](message.bytes), qPrintable(message.file));
            QVERIFY2(QFile::exists(m_corpus.filePath(message.file)), qPrintable(message.file));
        }
    }

    void nothingNearAMessageDoesHarm_data()
    {
        QTest::addColumn<QString>("reader");
        QTest::addColumn<QByteArray>("bytes");
        QDirIterator files(m_corpus.path(), QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString file = m_corpus.relativeFilePath(files.next());
            QTest::newRow(qPrintable(file)) << file.section(u'/', 0, 0) << contentOf(m_corpus.filePath(file));
        }
        for (const tests::CorpusMessage &message : tests::corpusMessages())
            QTest::newRow(qPrintable(u"today: " + message.file)) << message.file.section(u'/', 0, 0) << message.bytes;
    }

    void nothingNearAMessageDoesHarm()
    {
        QFETCH(QString, reader);
        QFETCH(QByteArray, bytes);
        const ProtocolReader read = readers().value(reader);
        QVERIFY(read);
        std::ignore = read(bytes);
        if (bytes.size() > SmallBytes)
            return;
        for (qsizetype length = 0; length < bytes.size(); ++length)
            std::ignore = read(bytes.first(length));
        for (qsizetype i = 0; i < bytes.size(); ++i)
            for (const int flip : {0x01, 0x80, 0xff, 0x55}) {
                QByteArray near = bytes;
                near[i] = static_cast<char>(near[i] ^ flip);
                std::ignore = read(near);
            }
    }
};

QTEST_GUILESS_MAIN(TestFuzzCorpus)
#include "tst_fuzz_corpus.moc"
