// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

#include <QObject>

#include <memory>

namespace tests {

/// What every connector promises, whatever its system. A fixture puts the same events into a stream of one partition:
/// EventCount events, a second apart from FirstTime on, event i with the body bodyOf(i); and a consumer with its checkpoint
/// at event CheckpointAt; and into another stream one event of largeBody() with largeHeader(). Each test runs directly, through the loop-back remote, and through a worker.
class Conformance : public QObject
{
    Q_OBJECT

public:
    enum class Way { Directly, Loopback, Worker };
    Q_ENUM(Way)

protected:
    static constexpr qint64 EventCount = 20;
    static constexpr qint64 CheckpointAt = 5;
    static constexpr connectors::EpochMs FirstTime = 1'700'000'000'000;

    /// `{"eventId":"e-3","eventType":"B","correlationId":"flow-3",…,"n":3}`: types A and B in turn, five flows in turn.
    [[nodiscard]] static QByteArray bodyOf(qint64 i);
    [[nodiscard]] static QString typeOf(qint64 i) { return i % 2 == 0 ? QStringLiteral("A") : QStringLiteral("B"); }
    [[nodiscard]] static QString flowOf(qint64 i) { return QStringLiteral("flow-%1").arg(i % 5); }

    /// 3 MB of JSON in which all that is looked for stands at the end.
    [[nodiscard]] static QByteArray largeBody();
    /// The value of a header; a JSON object, because that is what one system wants.
    [[nodiscard]] static QByteArray largeHeader();

    /// Puts the events there; called once. A QSKIP or QFAIL in it ends the whole test.
    virtual void prepare() = 0;
    [[nodiscard]] virtual std::shared_ptr<connectors::Connector> open() = 0;
    [[nodiscard]] virtual connectors::ConnectionSpec spec() const = 0;
    /// One more event at the end of the stream, the i-th.
    virtual void appendOne(qint64 i) = 0;
    [[nodiscard]] virtual QString stream() const = 0;
    [[nodiscard]] virtual QString consumer() const = 0;
    /// Of event 0.
    [[nodiscard]] virtual qint64 firstPosition() const = 0;
    [[nodiscard]] virtual connectors::EventAddress large() const = 0;
    /// A stream of a hundred events {"n": 0} … {"n": 99} of which the hundredth left a snapshot; empty where the system keeps none.
    [[nodiscard]] virtual QString snapshotStream() const { return {}; }
    /// Events without a body and with one of no bytes, where the system has such.
    [[nodiscard]] virtual std::optional<connectors::EventAddress> withoutBody() const { return std::nullopt; }
    [[nodiscard]] virtual std::optional<connectors::EventAddress> withEmptyBody() const { return std::nullopt; }

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void init();
    void cleanup();

    void tellsWhoItIs();
    void listsItsStreamsWithTheirEnds();
    void aStreamThatIsNotThereIsAProblemOfTheList();
    void findsPositionsByTime();
    void readsEverythingAndSaysWhatItRead();
    void readsTheAskedRange_data();
    void readsTheAskedRange();
    void readsExactRanges();
    void stopsAtTheLimit();
    void batchesAreNoLargerThanAsked();
    void readsWhatMeetsTheCondition_data();
    void readsWhatMeetsTheCondition();
    void aWrongConditionIsRefused();
    void searchesById();
    void bodiesAndEnvelopesAreWhatWasWritten();
    void followsUntilItIsCancelled();
    void aReadThatNobodyTakesCanBeCancelled();
    void refusesWhatIsNotThere();
    void fetchesInTheOrderAsked();
    void fetchesTimesWithoutBodies();
    void previewsAreCutAndTheirEnvelopesWhole();
    void smallEventsAreWholeInPreviews();
    void conditionsAndSearchesSeeWhatAPreviewLacks();
    void headersAreCutInPreviews();
    void pagesTogetherAreTheWhole();
    void aPageBeyondTheEndIsEmpty();
    void nullAndEmptyBodiesHavePages();
    void aPageOfWhatIsNotStoredIsNotFound();
    void findsSnapshotsOrSaysWhyThereAreNone();
    void tellsWhereAConsumerStands();
    void aConsumerThatIsNotThereIsNotFound();
    void aCancelledQuestionIsAnsweredCancelled();
    void closingEndsWhatIsUnderWay();
    void countsWhatItAsksOfTheSystem();

private:
    [[nodiscard]] connectors::ReadRequest request() const;
    [[nodiscard]] connectors::ReadRequest requestOfLarge() const;
    [[nodiscard]] std::vector<qint64> numbersOf(const connectors::ReadRequest &request);

    std::shared_ptr<connectors::Connector> m_connector;
};

} // namespace tests
