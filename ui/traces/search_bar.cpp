// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/search_bar.h"

#include "ui/theme/theme.h"
#include "ui/traces/search_words.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/text.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace ui::traces {

using models::trace::KnownAs;

SearchBar::SearchBar(QWidget *parent)
    : QWidget(parent)
    , m_knownAs(new QComboBox(this))
    , m_line(new QLineEdit(this))
    , m_search(new QPushButton(this))
    , m_hint(new widgets::ElidedLabel(QStringLiteral("trace-hint"), this))
    , m_further(new QPushButton(this))
{
    m_knownAs->setObjectName(QStringLiteral("trace-known-as"));
    m_knownAs->setAccessibleName(tr("What the text is"));
    const std::pair<QString, KnownAs> kinds[] = {{tr("Anything"), KnownAs::Anything}, {tr("Correlation id"), KnownAs::CorrelationId}, {tr("Event id"), KnownAs::EventId},
                                                 {tr("Aggregate"), KnownAs::AggregateId}, {tr("Key"), KnownAs::Key}, {tr("Text anywhere"), KnownAs::Text}};
    for (const auto &[words, kind] : kinds)
        m_knownAs->addItem(words, static_cast<int>(kind));
    m_line->setObjectName(QStringLiteral("trace-search-line"));
    m_line->setAccessibleName(tr("What is known of the flow"));
    m_line->setPlaceholderText(tr("Order number, correlation id, event id, key, any text, or a place such as orders/3@1204"));
    m_line->setClearButtonEnabled(true);
    m_line->addAction(theme::icon(QStringLiteral("search"), theme::Role::Muted), QLineEdit::LeadingPosition);
    m_line->setMaxLength(4096);
    m_search->setObjectName(QStringLiteral("trace-search-button"));
    m_further->setObjectName(QStringLiteral("search-further"));
    QSizePolicy kept = m_further->sizePolicy();
    kept.setRetainSizeWhenHidden(true); // nothing moves when it comes
    m_further->setSizePolicy(kept);
    connect(m_further, &QPushButton::clicked, this, &SearchBar::furtherRequested);
    m_hint->setForegroundRole(QPalette::PlaceholderText);

    auto *row = new QHBoxLayout;
    row->setSpacing(theme::Spacing);
    row->addWidget(m_knownAs);
    row->addWidget(m_line, 1);
    row->addWidget(m_search);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::Unit);
    column->addLayout(row);
    auto *second = new QHBoxLayout;
    second->setSpacing(theme::Spacing);
    second->addWidget(m_hint, 1);
    second->addWidget(m_further);
    column->addLayout(second);
    setFocusProxy(m_line);
    setSearching(false);
    connect(m_line, &QLineEdit::returnPressed, this, &SearchBar::submit);
    connect(m_line, &QLineEdit::textEdited, this, [this] {
        // How the text before was known says nothing of another one, unless somebody said so.
        if (!m_isKindChosen)
            m_knownAs->setCurrentIndex(m_knownAs->findData(static_cast<int>(KnownAs::Anything)));
        showHint();
    });
    connect(m_knownAs, &QComboBox::activated, this, [this] {
        m_isKindChosen = true;
        showHint();
    });
    connect(m_search, &QPushButton::clicked, this, [this] {
        if (m_isSearching)
            Q_EMIT cancelRequested();
        else
            submit();
    });
    showHint();
}

KnownAs SearchBar::knownAs() const
{
    return static_cast<KnownAs>(m_knownAs->currentData().toInt());
}

void SearchBar::submit()
{
    const QString text = m_line->text().trimmed();
    if (!text.isEmpty())
        Q_EMIT searchRequested(text, knownAs());
}

void SearchBar::showHint()
{
    const QString hint = m_line->text().trimmed().isEmpty() ? QString() : hintFor(m_line->text(), knownAs());
    m_hint->setText(hint.isEmpty() ? tr("The search reads all open connections, newest first, within the time range above.") : hint);
    m_hint->setToolTip({});
    m_further->hide();
}

bool SearchBar::isBeingTyped() const
{
    return m_line->isModified() && !m_line->text().isEmpty();
}

void SearchBar::setRequest(const models::trace::TraceRequest &request)
{
    m_isKindChosen = m_isKindChosen && request.knownAs == knownAs();
    m_line->setText(request.address ? models::trace::placeText(*request.address) : request.text);
    m_knownAs->setCurrentIndex(m_knownAs->findData(static_cast<int>(request.address ? KnownAs::Anything : request.knownAs)));
    showHint();
}

void SearchBar::setSearching(bool isSearching)
{
    m_isSearching = isSearching;
    m_search->setText(isSearching ? tr("Cancel") : tr("Search"));
    m_search->setIcon(theme::icon(isSearching ? QStringLiteral("close") : QStringLiteral("search")));
    m_search->setAccessibleName(isSearching ? tr("Cancel the search") : tr("Search the trace"));
}

void SearchBar::setFinding(const QString &words, const QString &toolTip, const QString &wayOn)
{
    m_hint->setText(words);
    m_hint->setToolTip(toolTip.isEmpty() ? QString() : widgets::text::toolTip(toolTip));
    m_further->setText(wayOn);
    m_further->setAccessibleName(wayOn);
    m_further->setVisible(!wayOn.isEmpty());
}

void SearchBar::focusLine()
{
    m_line->setFocus();
    m_line->selectAll();
}

} // namespace ui::traces
