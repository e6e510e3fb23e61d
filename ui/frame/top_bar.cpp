// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/top_bar.h"

#include "models/connection/connection_url.h"
#include "ui/frame/chip_row.h"
#include "ui/frame/environment_text.h"
#include "ui/frame/process_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

namespace ui::frame {

namespace {

using models::connection::Connection;
using models::connection::ConnectionState;

QString stateWord(const Connection &connection)
{
    if (!connection.process().isResponding())
        return TopBar::tr("not responding");
    switch (connection.state()) {
    case ConnectionState::Connecting:
        return connection.error() ? TopBar::tr("not connected, trying again") : TopBar::tr("connecting");
    case ConnectionState::Open:
        return connection.silence() ? TopBar::tr("not answering") : TopBar::tr("open");
    case ConnectionState::Failed:
        return TopBar::tr("not connected");
    }
    return {};
}

QIcon stateIcon(const Connection &connection)
{
    if (!connection.process().isResponding())
        return theme::icon(QStringLiteral("warning"), theme::Role::Error);
    switch (connection.state()) {
    case ConnectionState::Connecting:
        return connection.error() ? theme::icon(QStringLiteral("error"), theme::Role::Error) : theme::icon(QStringLiteral("clock"), theme::Role::Muted);
    case ConnectionState::Open:
        return connection.silence() ? theme::icon(QStringLiteral("unknown"), theme::Role::Error) : theme::icon(QStringLiteral("ok"), theme::Role::Ok);
    case ConnectionState::Failed:
        return theme::icon(QStringLiteral("error"), theme::Role::Error);
    }
    return {};
}

/// Empty where its process never died.
QString deathOf(const Connection &connection)
{
    const auto &report = connection.process().report();
    return report ? deathText(*report) : QString();
}

QToolButton *barButton(QWidget *parent, const QString &name, const QString &icon, const QString &text)
{
    auto *button = new QToolButton(parent);
    button->setObjectName(name);
    button->setIcon(theme::icon(icon));
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setAutoRaise(true);
    return button;
}

} // namespace

TopBar::TopBar(models::connection::Workspace &workspace, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_chipRow(new ChipRow(this))
    , m_range(new QComboBox(this))
    , m_live(new QToolButton(this))
{
    setObjectName(QStringLiteral("top-bar"));
    auto *collapse = barButton(this, QStringLiteral("toggle-navigation"), QStringLiteral("menu"), tr("Show words or only icons in the navigation"));
    auto *add = barButton(this, QStringLiteral("add-connection"), QStringLiteral("add"), tr("Open a connection (Ctrl+O)"));
    auto *search = new QPushButton(theme::icon(QStringLiteral("search")), tr("Search…  Ctrl+K"), this);
    search->setObjectName(QStringLiteral("open-palette"));
    search->setToolTip(tr("Every command, by a few letters"));
    buildTimeRange();
    m_live->setObjectName(QStringLiteral("live"));
    m_live->setCheckable(true);
    m_live->setChecked(true);
    m_live->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    updateLiveButton();

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(theme::Spacing, theme::Unit, theme::Margin, theme::Unit + 1);
    row->setSpacing(theme::Spacing);
    row->addWidget(collapse);
    row->addWidget(m_chipRow);
    row->addWidget(add);
    row->addStretch();
    row->addWidget(m_range);
    row->addWidget(m_live);
    row->addWidget(search);

    connect(collapse, &QToolButton::clicked, this, &TopBar::navigationToggled);
    connect(add, &QToolButton::clicked, this, &TopBar::addConnectionRequested);
    connect(search, &QPushButton::clicked, this, &TopBar::paletteRequested);
    connect(m_live, &QToolButton::toggled, this, &TopBar::setLive);
    for (Connection *connection : m_workspace.connections())
        addChip(connection);
    connect(&m_workspace, &models::connection::Workspace::connectionOpened, this, &TopBar::addChip);
    connect(&m_workspace, &models::connection::Workspace::connectionChanged, this, &TopBar::updateChip);
    connect(&m_workspace, &models::connection::Workspace::connectionClosed, this,
            [this](Connection *connection) { delete m_chips.take(connection); });
}

void TopBar::buildTimeRange()
{
    m_range->setObjectName(QStringLiteral("time-range"));
    m_range->setAccessibleName(tr("Time range of charts, rates and traces"));
    m_range->setToolTip(m_range->accessibleName());
    for (const int minutes : {5, 15, 60, 6 * 60, 24 * 60, 7 * 24 * 60}) {
        TimeRange range;
        range.last = std::chrono::minutes(minutes);
        m_range->addItem(textOf(range), minutes);
    }
    m_range->setCurrentIndex(2);
    connect(m_range, &QComboBox::activated, this, [this](int index) {
        if (!m_range->itemData(index).isValid())
            return;
        TimeRange range;
        range.last = std::chrono::minutes(m_range->itemData(index).toInt());
        setTimeRange(range);
        Q_EMIT timeRangeChanged(range);
    });
}

void TopBar::setTimeRange(const TimeRange &range)
{
    m_timeRange = range;
    const int custom = m_range->findData(QVariant());
    if (range.isMoving()) {
        if (custom >= 0)
            m_range->removeItem(custom);
        const auto minutes = static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(range.last).count());
        m_range->setCurrentIndex(m_range->findData(minutes));
    } else {
        if (custom >= 0)
            m_range->setItemText(custom, textOf(range));
        else
            m_range->addItem(textOf(range), QVariant());
        m_range->setCurrentIndex(m_range->count() - 1);
    }
}

void TopBar::setLive(bool isLive)
{
    if (m_isLive == isLive)
        return;
    m_isLive = isLive;
    m_live->setChecked(isLive);
    updateLiveButton();
    Q_EMIT liveChanged(isLive);
}

void TopBar::updateLiveButton()
{
    m_live->setIcon(m_isLive ? theme::icon(QStringLiteral("pause")) : theme::icon(QStringLiteral("play"), theme::Role::Warning));
    m_live->setText(m_isLive ? tr("Live") : tr("Paused"));
    m_live->setToolTip(m_isLive ? tr("Charts and tables move; click to hold them still") : tr("Everything stands still; click to go on"));
    m_live->setAccessibleName(m_live->toolTip());
}

void TopBar::addChip(Connection *connection)
{
    if (m_chips.contains(connection))
        return;
    auto *chip = new QToolButton(m_chipRow);
    chip->setObjectName(QStringLiteral("chip-") + connection->name());
    chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    chip->setPopupMode(QToolButton::InstantPopup);
    chip->setMenu(new QMenu(chip));
    connect(chip->menu(), &QMenu::aboutToShow, chip, [this, chip, connection] { fillChipMenu(chip, connection); });
    m_chips.insert(connection, chip);
    updateChip(connection);
    m_chipRow->add(chip);
}

void TopBar::updateChip(Connection *connection)
{
    QToolButton *chip = m_chips.value(connection);
    if (!chip)
        return;
    const QString name = widgets::text::untrusted(connection->name(), 28);
    chip->setText(QString(name).replace(u'&', QStringLiteral("&&")));
    chip->setIcon(stateIcon(*connection));
    QString words = tr("%1: %2, %3").arg(name, stateWord(*connection), environmentWord(connection->environment()));
    if (!connection->spec().via.isEmpty())
        words += u'\n' + tr("from another machine: %1").arg(widgets::text::untrusted(connection->spec().via, 60));
    if (connection->identity())
        words += u'\n' + tr("%1 %2").arg(connection->identity()->product, connection->identity()->version).trimmed();
    if (connection->error())
        words += u'\n' + widgets::text::error(*connection->error());
    if (connection->silence())
        words += u'\n' + widgets::text::error(*connection->silence());
    const QString death = deathOf(*connection);
    if (!death.isEmpty())
        words += u'\n' + death;
    chip->setToolTip(widgets::text::toolTip(words));
    chip->setAccessibleName(words);
    m_chipRow->setInTrouble(chip, connection->error() || connection->silence() || !connection->process().isResponding());
    const QString border = theme::color(theme::environmentRole(connection->environment())).name();
    const QString hover = theme::color(theme::Role::Selection).name();
    chip->setStyleSheet(QStringLiteral("QToolButton { border: 1px solid %1; border-radius: 4px; padding: 3px 16px 3px 6px; }"
                                       "QToolButton:hover, QToolButton:focus { background: %2; }"
                                       "QToolButton::menu-indicator { subcontrol-position: right center; right: 4px; }")
                            .arg(border, hover));
}

void TopBar::fillChipMenu(QToolButton *chip, Connection *connection)
{
    QMenu *menu = chip->menu();
    menu->clear();
    QAction *title = menu->addAction(tr("%1, %2").arg(stateWord(*connection), environmentWord(connection->environment())));
    title->setEnabled(false);
    menu->addSeparator();
    menu->addAction(theme::icon(QStringLiteral("refresh")), tr("Refresh"), connection, &Connection::refresh);
    menu->addAction(theme::icon(QStringLiteral("copy")), tr("Copy the address"), connection, [connection] {
        const auto &spec = connection->spec();
        const QString place = spec.hosts.isEmpty() ? spec.path : spec.hosts.join(u',');
        QGuiApplication::clipboard()->setText(spec.via.isEmpty() ? place : models::connection::connectionUrl(spec, false));
    });
    if (connection->error())
        menu->addAction(theme::icon(QStringLiteral("copy")), tr("Copy the error"), connection,
                        [connection] { QGuiApplication::clipboard()->setText(connectors::describe(*connection->error())); });
    if (connection->process().report()) {
        QAction *restart = menu->addAction(theme::icon(QStringLiteral("refresh")), tr("Restart its process"), connection, &Connection::restartProcess);
        restart->setObjectName(QStringLiteral("restart-process"));
    }
    if (const QString death = deathOf(*connection); !death.isEmpty())
        menu->addAction(theme::icon(QStringLiteral("copy")), tr("Copy how its process ended"), connection, [death] { QGuiApplication::clipboard()->setText(death); });
    menu->addSeparator();
    menu->addAction(theme::icon(QStringLiteral("close")), tr("Close this connection"), this,
                    [this, name = connection->name()] { m_workspace.close(name); });
}

void TopBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        for (auto chip = m_chips.keyBegin(); chip != m_chips.keyEnd(); ++chip)
            updateChip(*chip);
}

void TopBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(theme::color(theme::Role::Line));
    painter.drawLine(0, height() - 1, width(), height() - 1);
}

} // namespace ui::frame
