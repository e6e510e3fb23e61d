// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/condition_edit.h"

#include "models/event/event_column.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QPainter>
#include <QRegularExpression>
#include <QStringListModel>

#include <algorithm>

namespace ui::streams {

namespace {

constexpr int OfferedValues = 200;

/// Names of columns, functions and the words of SQL that make sense in a condition.
const QStringList &vocabulary()
{
    static const QStringList words = [] {
        QStringList all;
        for (const auto &column : models::event::standardColumns())
            all += column.filterName();
        all += {QStringLiteral("headers"),      QStringLiteral("field('/"), QStringLiteral("header('"), QStringLiteral("ago('15m')"),
                QStringLiteral("lower("),       QStringLiteral("length("),  QStringLiteral("AND"),      QStringLiteral("OR"),
                QStringLiteral("NOT"),          QStringLiteral("LIKE '%"),  QStringLiteral("GLOB '"),   QStringLiteral("IN ("),
                QStringLiteral("IS NULL"),      QStringLiteral("IS NOT NULL"), QStringLiteral("BETWEEN")};
        return all;
    }();
    return words;
}

} // namespace

ConditionEdit::ConditionEdit(QWidget *parent)
    : QLineEdit(parent)
    , m_candidates(new QStringListModel(this))
    , m_completer(new QCompleter(m_candidates, this))
{
    m_completer->setWidget(this);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->popup()->setObjectName(QStringLiteral("condition-completions"));
    m_completer->popup()->setAccessibleName(tr("Completions of the condition"));
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this, &ConditionEdit::insertCompletion);
    connect(this, &QLineEdit::textEdited, this, [this] { offer(false); });
}

void ConditionEdit::setProblem(const std::optional<models::event::ConditionProblem> &problem)
{
    m_problem = problem;
    update();
}

ConditionEdit::Word ConditionEdit::wordAtCursor() const
{
    const QString before = text().left(cursorPosition());
    Word word;
    // An odd number of quotes before the cursor: inside a text ('' within a text counts twice and changes nothing).
    if (before.count(u'\'') % 2 == 1) {
        const qsizetype quote = before.lastIndexOf(u'\'');
        static const QRegularExpression comparison(QStringLiteral("([A-Za-z]+)\\s*(?:=|==|<>|!=|LIKE|IN\\s*\\([^)]*)\\s*$"), QRegularExpression::CaseInsensitiveOption);
        return {quote + 1, before.mid(quote + 1), comparison.match(before.left(quote)).captured(1), true};
    }
    qsizetype begin = before.size();
    while (begin > 0 && (before[begin - 1].isLetterOrNumber() || before[begin - 1] == u'_'))
        --begin;
    return {begin, before.mid(begin), {}, false};
}

QStringList ConditionEdit::completions() const
{
    const Word word = wordAtCursor();
    QStringList fitting;
    const QStringList all = !word.isQuoted ? vocabulary() : m_seenValues && !word.column.isEmpty() ? m_seenValues(word.column) : QStringList();
    for (const QString &each : all) {
        const bool fits = word.isQuoted ? each.contains(word.text, Qt::CaseInsensitive) : each.startsWith(word.text, Qt::CaseInsensitive);
        if (fits && each != word.text)
            fitting += each;
        if (fitting.size() == OfferedValues)
            break;
    }
    return fitting;
}

void ConditionEdit::offer(bool isAsked)
{
    const Word word = wordAtCursor();
    const QStringList fitting = word.text.isEmpty() && !word.isQuoted && !isAsked ? QStringList() : completions();
    m_candidates->setStringList(fitting);
    if (fitting.isEmpty()) {
        m_completer->popup()->hide();
        return;
    }
    QRect place = cursorRect();
    place.setWidth(std::max(240, m_completer->popup()->sizeHintForColumn(0) + 8 * theme::Unit));
    m_completer->complete(place);
}

void ConditionEdit::insertCompletion(const QString &completion)
{
    const Word word = wordAtCursor();
    QString inserted = completion;
    if (word.isQuoted)
        inserted = inserted.replace(u'\'', QStringLiteral("''")) + u'\'';
    setSelection(static_cast<int>(word.begin), static_cast<int>(cursorPosition() - word.begin));
    insert(inserted);
}

void ConditionEdit::keyPressEvent(QKeyEvent *event)
{
    if (m_completer->popup()->isVisible() && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Tab || event->key() == Qt::Key_Escape)) {
        const bool isChosen = m_completer->popup()->currentIndex().isValid() && event->key() != Qt::Key_Escape;
        if (isChosen || event->key() == Qt::Key_Escape) {
            event->ignore(); // the popup takes it
            return;
        }
        m_completer->popup()->hide();
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier)
        return offer(true);
    QLineEdit::keyPressEvent(event);
}

/// A line under what is wrong. QLineEdit scrolls its text, and only the cursor's place tells by how much.
void ConditionEdit::paintEvent(QPaintEvent *event)
{
    QLineEdit::paintEvent(event);
    if (!m_problem || text().isEmpty())
        return;
    const int textLeft = cursorRect().center().x() - fontMetrics().horizontalAdvance(text().left(cursorPosition()));
    const qsizetype offset = std::clamp<qsizetype>(m_problem->offset, 0, text().size());
    const int begin = textLeft + fontMetrics().horizontalAdvance(text().left(offset));
    const int width = fontMetrics().horizontalAdvance(text().mid(offset, std::max<qsizetype>(1, m_problem->length)));
    QPainter painter(this);
    painter.setPen(QPen(theme::color(theme::Role::Error), 2));
    const int y = cursorRect().bottom() - 1;
    painter.drawLine(begin, y, begin + std::max(width, fontMetrics().horizontalAdvance(u'0')), y);
}

} // namespace ui::streams
