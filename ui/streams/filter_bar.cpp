// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/filter_bar.h"

#include "ui/streams/condition_edit.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui::streams {

namespace {

constexpr int CheckDelayMs = 300;  ///< a half-written condition is not yet wrong
constexpr int SearchDelayMs = 200;

} // namespace

FilterBar::FilterBar(QWidget *parent)
    : QWidget(parent)
    , m_condition(new ConditionEdit(this))
    , m_wholeStream(new QToolButton(this))
    , m_search(new QLineEdit(this))
    , m_tick(new QLabel(this))
    , m_count(new QLabel(this))
    , m_problem(new QLabel(this))
{
    m_condition->setObjectName(QStringLiteral("event-where"));
    m_condition->setAccessibleName(tr("Filter: a condition in SQL"));
    m_condition->setPlaceholderText(tr("Filter, for example  eventType = 'OrderPlaced' AND field('/data/amount') > 400"));
    m_condition->setToolTip(tr("The condition of an SQL WHERE; Enter reads what matches. Ctrl+Space completes columns, functions and values that were seen."));
    m_condition->setClearButtonEnabled(true);
    m_condition->addAction(theme::icon(QStringLiteral("filter"), theme::Role::Muted), QLineEdit::LeadingPosition);
    m_wholeStream->setObjectName(QStringLiteral("event-whole-stream"));
    m_wholeStream->setText(tr("Whole stream"));
    m_wholeStream->setToolTip(tr("Reads the stream from its beginning to its end with the filter and the text beside it."));
    m_wholeStream->setIcon(theme::icon(QStringLiteral("play")));
    m_wholeStream->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_search->setObjectName(QStringLiteral("event-search"));
    m_search->setAccessibleName(tr("Find a text in what is shown"));
    m_search->setPlaceholderText(tr("Find in what is shown…"));
    m_search->setToolTip(tr("Looks in types and ids of the events in the table. “Whole stream” looks for it in keys, headers and bodies of all events."));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(theme::icon(QStringLiteral("search"), theme::Role::Muted), QLineEdit::LeadingPosition);
    m_search->setMaximumWidth(220);
    m_tick->setObjectName(QStringLiteral("event-count-tick"));
    m_count->setObjectName(QStringLiteral("event-count"));
    m_problem->setObjectName(QStringLiteral("event-where-problem"));
    m_problem->setAccessibleName(tr("What is wrong with the filter"));
    for (QLabel *label : {m_count, m_problem})
        label->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    QPalette red = m_problem->palette();
    red.setColor(QPalette::WindowText, theme::color(theme::Role::Error));
    m_problem->setPalette(red);

    auto *row = new QHBoxLayout;
    row->setSpacing(theme::Unit);
    row->addWidget(m_condition, 3);
    row->addWidget(m_tick);
    row->addWidget(m_count);
    row->addWidget(m_wholeStream);
    row->addWidget(m_search, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::Unit);
    layout->addLayout(row);
    layout->addWidget(m_problem);

    m_checkTimer.setSingleShot(true);
    m_checkTimer.setInterval(CheckDelayMs);
    m_searchTimer.setSingleShot(true);
    m_searchTimer.setInterval(SearchDelayMs);
    connect(&m_checkTimer, &QTimer::timeout, this, &FilterBar::check);
    connect(&m_searchTimer, &QTimer::timeout, this, &FilterBar::searchChanged);
    connect(m_condition, &QLineEdit::textChanged, this, [this] {
        setProblem(std::nullopt);
        m_checkTimer.start();
        showTick();
    });
    connect(m_condition, &QLineEdit::returnPressed, this, &FilterBar::applied);
    connect(m_search, &QLineEdit::textChanged, &m_searchTimer, qOverload<>(&QTimer::start));
    connect(m_wholeStream, &QToolButton::clicked, this, &FilterBar::wholeStreamRequested);
}

void FilterBar::setChecker(const models::event::ConditionChecker *checker)
{
    m_checker = checker;
}

QString FilterBar::where() const
{
    return m_condition->text().trimmed();
}

void FilterBar::setWhere(const QString &where)
{
    m_condition->setText(where);
}

void FilterBar::addCondition(const QString &condition)
{
    const QString present = where();
    // An OR in what is there must not swallow what is added.
    const bool hasOr = present.contains(u" or ", Qt::CaseInsensitive);
    const QString kept = hasOr ? QString(u'(' + present + u')') : present;
    m_condition->setText(present.isEmpty() ? condition : QString(kept + QStringLiteral(" AND ") + condition));
    Q_EMIT applied();
}

QString FilterBar::searchText() const
{
    return m_search->text().trimmed();
}

void FilterBar::setSearchText(const QString &text)
{
    m_search->setText(text);
}

bool FilterBar::check()
{
    const auto problem = m_checker && !where().isEmpty() ? m_checker->check(m_condition->text()) : std::nullopt;
    setProblem(problem);
    return !problem;
}

void FilterBar::setProblem(const std::optional<models::event::ConditionProblem> &problem)
{
    m_checkTimer.stop();
    m_condition->setProblem(problem);
    m_problem->setVisible(problem.has_value());
    showTick();
    if (problem)
        m_problem->setText(widgets::text::untrusted(problem->advice.isEmpty() ? problem->message : problem->message + u' ' + problem->advice, 600));
}

void FilterBar::setCount(const QString &words, bool isComplete)
{
    m_count->setText(words);
    m_isComplete = isComplete;
    showTick();
}

/// Not beside a condition that is wrong or not yet checked: it would be taken for its verdict.
void FilterBar::showTick()
{
    const bool isShown = m_isComplete && m_problem->isHidden() && !m_checkTimer.isActive();
    m_tick->setVisible(isShown);
    if (isShown)
        m_tick->setPixmap(theme::icon(QStringLiteral("ok"), theme::Role::Ok).pixmap(16, 16));
}

void FilterBar::focusCondition()
{
    m_condition->setFocus(Qt::ShortcutFocusReason);
    m_condition->selectAll();
}

void FilterBar::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

} // namespace ui::streams
