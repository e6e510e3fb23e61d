// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/aggregates/aggregate_bar.h"

#include "models/aggregate/aggregate_history.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStandardItemModel>

namespace ui::aggregates {

using models::connection::Connection;
namespace text = ui::widgets::text;

AggregateBar::AggregateBar(QWidget *parent)
    : QWidget(parent)
    , m_connections(new QComboBox(this))
    , m_line(new QLineEdit(this))
    , m_open(new QPushButton(this))
{
    m_connections->setObjectName(QStringLiteral("aggregate-connection"));
    m_connections->setAccessibleName(tr("Connection of the aggregate"));
    m_connections->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_connections->setMaximumWidth(260);
    m_line->setObjectName(QStringLiteral("aggregate-id"));
    m_line->setAccessibleName(tr("Id of the aggregate"));
    m_line->setPlaceholderText(tr("The aggregate's stream, such as order-1042, or the aggregateId of its events"));
    m_line->setClearButtonEnabled(true);
    m_line->setMaxLength(4096);
    m_line->addAction(theme::icon(QStringLiteral("search"), theme::Role::Muted), QLineEdit::LeadingPosition);
    auto *completer = new QCompleter(&m_known, this);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setMaxVisibleItems(12);
    m_line->setCompleter(completer);
    m_open->setObjectName(QStringLiteral("aggregate-open"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::Spacing);
    row->addWidget(m_connections);
    row->addWidget(m_line, 1);
    row->addWidget(m_open);
    setFocusProxy(m_line);
    setOpening(false);
    connect(m_line, &QLineEdit::returnPressed, this, &AggregateBar::submit);
    connect(m_line, &QLineEdit::textChanged, this, &AggregateBar::updateButton);
    connect(m_connections, &QComboBox::activated, this, &AggregateBar::connectionChosen);
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (m_isOpening)
            Q_EMIT cancelRequested();
        else
            submit();
    });
}

void AggregateBar::setConnections(const QList<Connection *> &connections)
{
    const QString before = connection();
    const QSignalBlocker quiet(m_connections);
    m_connections->clear();
    int firstAble = -1;
    for (const Connection *each : connections) {
        const int row = m_connections->count();
        m_connections->addItem(text::untrusted(each->name(), 60), each->name());
        const QString why = models::aggregate::whyNoAggregates(*each->connector());
        m_connections->setItemData(row, text::toolTip(why.isEmpty() ? each->name() : why), Qt::ToolTipRole);
        if (!why.isEmpty())
            qobject_cast<QStandardItemModel *>(m_connections->model())->item(row)->setEnabled(false);
        else if (firstAble < 0)
            firstAble = row;
    }
    m_connections->setCurrentIndex(firstAble);
    setConnection(before);
    updateButton();
}

void AggregateBar::setConnection(const QString &name)
{
    const int row = m_connections->findData(name);
    if (row >= 0 && qobject_cast<QStandardItemModel *>(m_connections->model())->item(row)->isEnabled())
        m_connections->setCurrentIndex(row);
}

QString AggregateBar::connection() const
{
    return m_connections->currentData().toString();
}

void AggregateBar::setAggregate(const QString &id)
{
    m_line->setText(id);
}

QString AggregateBar::aggregate() const
{
    return m_line->text().trimmed();
}

void AggregateBar::setKnown(QStringList ids)
{
    constexpr qsizetype MostKnown = 5000;
    ids.removeDuplicates();
    ids.sort();
    if (ids.size() > MostKnown)
        ids.resize(MostKnown);
    if (ids != m_known.stringList())
        m_known.setStringList(ids);
}

void AggregateBar::setOpening(bool isOpening)
{
    m_isOpening = isOpening;
    m_open->setText(isOpening ? tr("Cancel") : tr("Open"));
    m_open->setIcon(theme::icon(isOpening ? QStringLiteral("close") : QStringLiteral("aggregates")));
    m_open->setAccessibleName(isOpening ? tr("Cancel opening the aggregate") : tr("Open the aggregate"));
    updateButton();
}

void AggregateBar::updateButton()
{
    m_open->setEnabled(m_isOpening || (!aggregate().isEmpty() && !connection().isEmpty()));
}

void AggregateBar::submit()
{
    if (!aggregate().isEmpty() && !connection().isEmpty())
        Q_EMIT openRequested();
}

void AggregateBar::focusLine()
{
    m_line->setFocus();
    m_line->selectAll();
}

} // namespace ui::aggregates
