// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/recorder.h"
#include "tests/support/fake_consumer_connector.h"
#include "tests/support/fake_dead_letter_connector.h"

#include <QDateTime>
#include <QTest>

#include <cmath>

using namespace connectors;
using models::connection::Connection;
using models::history::SampleKind;
using models::history::SeriesPoint;

class TestRecorder final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLineBreaksWhereASystemStopsAnswering()
    {
        auto shop = std::make_shared<tests::FakeConsumerConnector>();
        shop->add(QStringLiteral("payments"), ConsumerActivity::Empty, {70}, 100);
        tests::NoOpener opener;
        models::connection::Workspace workspace(opener);
        models::history::History history{QString()};
        const models::history::Recorder recorder(workspace, history);
        ConnectionSpec spec;
        spec.name = QStringLiteral("shop");
        Connection *connection = workspace.add(spec, shop);
        QTRY_VERIFY(connection->consumers().hasValue());
        QTRY_COMPARE(lastOf(history), 30);
        shop->error = Error{ErrorCode::CannotConnect, QStringLiteral("refused"), {}, true};
        workspace.refresh();
        QTRY_VERIFY(connection->silence());
        QTRY_VERIFY(std::isnan(lastOf(history)));
        shop->error.reset();
        workspace.refresh();
        QTRY_VERIFY(!connection->silence());
        QTRY_COMPARE(lastOf(history), 30);
    }

private:
    /// −1 where there is no point yet.
    static double lastOf(models::history::History &history)
    {
        const EpochMs now = QDateTime::currentMSecsSinceEpoch();
        const auto answer = history.query(QStringLiteral("fake-consumers"), {SampleKind::Consumer, QStringLiteral("payments"), false, now - 60'000, now + 60'000, 100'000});
        // Not by waiting for the future, which would do the work on this thread, while the history's own may be at it.
        if (!QTest::qWaitFor([&answer] { return answer.isFinished(); }, 20'000))
            qFatal("The history does not answer.");
        const auto series = answer.result();
        if (!series || series->empty() || series->begin()->second.empty())
            return -1;
        return series->begin()->second.back().value;
    }
};

QTEST_GUILESS_MAIN(TestRecorder)
#include "tst_recorder.moc"
