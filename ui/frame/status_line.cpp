// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/status_line.h"

#include "ui/frame/environment_text.h"
#include "ui/frame/job_strip.h"
#include "ui/frame/process_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/text.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

namespace ui::frame {

namespace {

using models::connection::Connection;
using models::connection::Workspace;
namespace text = widgets::text;

constexpr std::chrono::seconds UntilItWasSeen{60}; ///< it may come while nobody looks

} // namespace

StatusLine::StatusLine(Workspace &workspace, models::job::JobList &jobs, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_environment(widgets::plainLabel(QStringLiteral("status-environment"), this))
    , m_rates(widgets::plainLabel(QStringLiteral("status-rates"), this))
    , m_message(new widgets::ElidedLabel(QStringLiteral("status-message"), this))
    , m_open(new QToolButton(this))
    , m_traffic(widgets::plainLabel(QStringLiteral("status-traffic"), this))
    , m_jobs(new JobStrip(jobs, this))
{
    setObjectName(QStringLiteral("status-line"));
    setFixedHeight(28);
    QFont bold = m_environment->font();
    bold.setBold(true);
    m_environment->setFont(bold);
    m_traffic->setToolTip(tr("What this program asks of the systems"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(theme::Margin, 1, theme::Margin, 0);
    row->setSpacing(theme::Margin);
    row->addWidget(m_environment);
    row->addWidget(m_rates);
    m_open->setObjectName(QStringLiteral("status-open"));
    m_open->setText(tr("Show"));
    m_open->setAccessibleName(tr("Show what the message is about"));
    m_open->setAutoRaise(true);
    m_open->hide();
    row->addWidget(m_message, 1);
    row->addWidget(m_open);
    row->addWidget(m_jobs);
    row->addWidget(m_traffic);
    m_messageTimer.setSingleShot(true);
    connect(&m_messageTimer, &QTimer::timeout, this, &StatusLine::clearMessage);
    connect(m_open, &QToolButton::clicked, this, [this] { Q_EMIT placeRequested(m_origin); });
    connect(m_jobs, &JobStrip::placeRequested, this, &StatusLine::placeRequested);
    for (Connection *connection : workspace.connections())
        follow(connection);
    connect(&workspace, &Workspace::connectionOpened, this, [this](Connection *connection) { follow(connection); update(); });
    connect(&workspace, &Workspace::connectionClosed, this, [this] { update(); });
    connect(&workspace, &Workspace::connectionChanged, this, [this] { update(); });
    update();
}

void StatusLine::follow(Connection *connection)
{
    connect(connection, &Connection::trafficMeasured, this, &StatusLine::update, Qt::UniqueConnection);
    connect(connection, &Connection::consumersReceived, this, &StatusLine::update, Qt::UniqueConnection);
    connect(connection, &Connection::streamsReceived, this, &StatusLine::update, Qt::UniqueConnection);
    connect(connection, &Connection::processDied, this, [this, connection] { tellDeath(*connection); });
}

void StatusLine::tellDeath(const Connection &connection)
{
    showMessage(tr("%1: %2").arg(text::untrusted(connection.name(), 60), deathText(*connection.process().report())));
    m_messageTimer.start(UntilItWasSeen);
}

void StatusLine::clearFailure(const QString &subject)
{
    if (!subject.isEmpty() && subject == m_failed)
        clearMessage();
}

void StatusLine::clearMessage()
{
    m_message->clear();
    m_open->hide();
}

void StatusLine::showFailure(const models::job::Job &job)
{
    showMessage(connectors::describe(*job.error()), job.title());
    m_origin = originOf(job);
    m_open->setVisible(!m_origin.page.isEmpty());
    if (!m_origin.page.isEmpty())
        m_messageTimer.start(UntilItWasSeen); // it leads somewhere
}

void StatusLine::showMessage(const QString &message, const QString &subject)
{
    m_failed = subject;
    m_open->hide();
    m_message->setText(text::untrusted(QString(message).replace(u'\n', u' '), 300)); // it has one line
    m_messageTimer.start(std::chrono::seconds(10));
}

void StatusLine::update()
{
    QList<connectors::Environment> environments;
    std::optional<qint64> consumers; ///< null: nobody has told of any or none
    int silent = 0;
    std::optional<double> in;
    std::optional<double> out;
    double requests = 0;
    double bytes = 0;
    for (const Connection *connection : m_workspace.connections()) {
        environments += connection->environment();
        requests += connection->requestsPerSecond();
        bytes += connection->bytesPerSecond();
    }
    for (const Connection *connection : m_workspace.systems()) {
        if (connection->silence() || connection->error()) { // its last numbers, if any, are no longer true
            ++silent;
            continue;
        }
        if (connection->consumers().hasValue())
            consumers = consumers.value_or(0) + std::ssize(connection->consumers().value.consumers);
        if (connection->throughput().in())
            in = in.value_or(0) + *connection->throughput().in();
        if (connection->throughput().out())
            out = out.value_or(0) + *connection->throughput().out();
    }
    const auto strict = strictest(environments);
    m_environment->setText(strict ? environmentWord(*strict) : tr("Nothing is open"));
    QPalette colored = palette();
    colored.setColor(QPalette::WindowText, strict ? theme::color(theme::environmentRole(*strict)) : theme::color(theme::Role::Muted));
    m_environment->setPalette(colored);
    QStringList words;
    if (consumers && (*consumers > 0 || silent == 0))
        words += *consumers == 0 ? tr("no consumers") : *consumers == 1 ? tr("1 consumer") : tr("%1 consumers").arg(text::exact(*consumers));
    if (silent > 0)
        words.prepend(silent == 1 ? tr("1 connection does not answer") : tr("%1 connections do not answer").arg(text::exact(silent)));
    if (in)
        words += tr("%1 ev/s in").arg(text::rate(*in));
    if (out)
        words += tr("%1 ev/s out").arg(text::rate(*out));
    m_rates->setText(words.join(QStringLiteral(" · ")));
    m_traffic->setText(strict ? tr("we cause %1 requests/s, %2/s").arg(text::rate(requests), text::bytes(static_cast<qint64>(bytes))) : QString());
}

void StatusLine::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        update();
}

void StatusLine::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(theme::color(theme::Role::Line));
    painter.drawLine(0, 0, width(), 0);
}

} // namespace ui::frame
