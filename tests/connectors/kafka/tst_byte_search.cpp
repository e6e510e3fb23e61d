// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/byte_search.h"

#include <QTest>

#include <algorithm>
#include <random>

using connectors::kafka::ByteSearch;

class TestByteSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void valuesAreFoundAtEveryPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isFound");
        QTest::newRow("at the start") << QByteArray("needle and hay") << true;
        QTest::newRow("in the middle") << QByteArray("hay needle hay") << true;
        QTest::newRow("at the end") << QByteArray("hay and needle") << true;
        QTest::newRow("alone") << QByteArray("needle") << true;
        QTest::newRow("cut") << QByteArray("hay and needl") << false;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("the longer one") << QByteArray("a pin in the haystack") << true;
        QTest::newRow("the longer one, cut") << QByteArray("a pin in the haystac") << false;
        QTest::newRow("with a NUL before it") << QByteArray("\0needle", 7) << true;
    }

    void valuesAreFoundAtEveryPlace()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const bool, isFound);
        const ByteSearch search({"needle", "pin in the haystack"});
        QCOMPARE(search.isIn({text.constData(), static_cast<size_t>(text.size())}), isFound);
    }

    void oneValueIsFoundAtEveryPlace()
    {
        const ByteSearch search({"needle"});
        for (const int length : {6, 7, 20, 21, 22, 37, 38, 100}) {
            for (int place = 0; place + 6 <= length; ++place) {
                QByteArray text(length, 'e');
                text.replace(place, 6, "needle");
                QVERIFY2(search.isIn({text.constData(), static_cast<size_t>(text.size())}), text.constData());
                text[place + 2] = 'n';
                QVERIFY2(!search.isIn({text.constData(), static_cast<size_t>(text.size())}), text.constData());
            }
        }
    }

    void shortAndEmptyValuesAreFoundToo()
    {
        QVERIFY(ByteSearch({"x"}).isIn("abcx"));
        QVERIFY(!ByteSearch({"xy"}).isIn("yx"));
        QVERIFY(ByteSearch({"zz", "long one"}).isIn("a zz"));
        QVERIFY(ByteSearch({""}).isIn("anything"));
        QVERIFY(!ByteSearch({}).isIn("anything"));
    }

    void aValueLongerThanTheLongestMoveIsFound()
    {
        const QByteArray value = QByteArray(1000, 'a') + "b";
        const QByteArray text = QByteArray(5000, 'a') + "b";
        QVERIFY(ByteSearch({value}).isIn({text.constData(), static_cast<size_t>(text.size())}));
        QVERIFY(!ByteSearch({value}).isIn({text.constData(), static_cast<size_t>(text.size() - 1)}));
    }

    void equalityIsOfTheWholeText()
    {
        const ByteSearch search({"b", "a", "abc"});
        QVERIFY(search.isOneOf("a"));
        QVERIFY(search.isOneOf("abc"));
        QVERIFY(!search.isOneOf("ab"));
        QVERIFY(!search.isOneOf(""));
    }

    /// Few letters make blocks collide and values overlap.
    void itAgreesWithTheSimpleSearchOnRandomTexts()
    {
        std::mt19937 random(7);
        const auto word = [&random](int longest) {
            QByteArray bytes(static_cast<int>(random() % static_cast<unsigned>(longest)) + 1, 'a');
            for (char &letter : bytes)
                letter = static_cast<char>('a' + random() % 3);
            return bytes;
        };
        for (int round = 0; round < 3000; ++round) {
            std::vector<QByteArray> values(random() % 6 + 1);
            std::generate(values.begin(), values.end(), [&word] { return word(9); });
            const QByteArray text = word(60);
            const bool isIn = std::any_of(values.cbegin(), values.cend(), [&text](const QByteArray &value) { return text.contains(value); });
            QCOMPARE(ByteSearch(values).isIn({text.constData(), static_cast<size_t>(text.size())}), isIn);
        }
    }
};

QTEST_GUILESS_MAIN(TestByteSearch)
#include "tst_byte_search.moc"
