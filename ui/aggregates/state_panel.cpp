// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/aggregates/state_panel.h"

#include "ui/aggregates/aggregate_words.h"
#include "ui/aggregates/state_text.h"
#include "ui/aggregates/verify_row.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/text.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QVBoxLayout>

namespace ui::aggregates {

namespace text = ui::widgets::text;

namespace {

constexpr qsizetype MostCopiedBytes = 8 * 1024 * 1024; ///< a copy is made on the GUI thread

} // namespace

StatePanel::StatePanel(QWidget *parent)
    : QWidget(parent)
    , m_slider(new QSlider(Qt::Horizontal, this))
    , m_version(new QSpinBox(this))
    , m_of(widgets::plainLabel(QStringLiteral("aggregate-versions"), this))
    , m_words(new widgets::ElidedLabel(QStringLiteral("aggregate-source"), this))
    , m_changes(new widgets::ElidedLabel(QStringLiteral("aggregate-changes"), this))
    , m_copy(new QPushButton(theme::icon(QStringLiteral("copy")), tr("&Copy the state"), this))
    , m_notice(new widgets::Notice(QStringLiteral("aggregate-notice"), this))
    , m_text(new StateText(this))
    , m_verify(new VerifyRow(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme::Spacing, 0, 0, 0);
    layout->setSpacing(theme::Spacing);
    layout->addLayout(buildVersionRow());
    layout->addLayout(buildWordsRow());
    layout->addWidget(m_notice);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_verify);
    connect(m_slider, &QSlider::valueChanged, this, [this](int version) { Q_EMIT versionChosen(version); });
    connect(m_version, &QSpinBox::valueChanged, this, [this](int version) { Q_EMIT versionChosen(version); });
    connect(m_copy, &QPushButton::clicked, this, &StatePanel::copyState);
    connect(m_verify, &VerifyRow::verifyRequested, this, &StatePanel::verifyRequested);
    connect(m_verify, &VerifyRow::cancelRequested, this, &StatePanel::cancelRequested);
}

QLayout *StatePanel::buildVersionRow()
{
    m_slider->setObjectName(QStringLiteral("aggregate-slider"));
    m_slider->setAccessibleName(tr("Version of the aggregate"));
    m_slider->setToolTip(tr("Arrow keys go a version on, Page Up and Page Down a tenth of them, Home and End to the first and the newest."));
    m_version->setObjectName(QStringLiteral("aggregate-version"));
    m_version->setAccessibleName(tr("Version of the aggregate as a number"));
    m_version->setKeyboardTracking(false); // not while one types
    m_version->setGroupSeparatorShown(true);
    auto *label = widgets::plainLabel(QStringLiteral("aggregate-version-label"), this);
    label->setText(tr("Ve&rsion"));
    label->setBuddy(m_version);
    auto *row = new QHBoxLayout;
    row->setSpacing(theme::Spacing);
    row->addWidget(label);
    row->addWidget(m_version);
    row->addWidget(m_of);
    row->addWidget(m_slider, 1);
    row->addWidget(m_copy); // here it leaves the sentences below their room
    return row;
}

QLayout *StatePanel::buildWordsRow()
{
    m_copy->setObjectName(QStringLiteral("aggregate-copy"));
    m_copy->setAccessibleName(tr("Copy the state"));
    m_changes->setForegroundRole(QPalette::PlaceholderText);
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(m_words);
    words->addWidget(m_changes);
    return words;
}

void StatePanel::focusSlider()
{
    m_slider->setFocus(Qt::OtherFocusReason);
}

void StatePanel::update()
{
    if (!m_view || !m_view->history()) {
        m_shownVersion = 0; // what is opened next may have the same
        return;
    }
    updateVersion();
    updateState();
    updateVerification();
}

void StatePanel::updateVersion()
{
    const int versions = static_cast<int>(m_view->history()->versions());
    const int version = static_cast<int>(m_view->version());
    const QSignalBlocker quietSlider(m_slider);
    const QSignalBlocker quietNumber(m_version);
    m_slider->setRange(1, versions);
    m_slider->setPageStep(std::max(1, versions / 10));
    m_version->setRange(1, versions);
    if (version > 0) {
        m_slider->setValue(version);
        m_version->setValue(version);
    }
    m_of->setText(tr("of %1").arg(text::exact(versions)));
}

void StatePanel::updateState()
{
    const auto &state = m_view->state();
    m_copy->setEnabled(state && !state->folded.state.isEmpty() && state->folded.state.size() <= MostCopiedBytes);
    if (!state) {
        m_shownVersion = 0;
        m_words->setText(m_view->error() ? tr("This state could not be made.") : tr("Folding the events."));
        m_changes->setText({});
        m_text->setLines({});
        if (m_view->error())
            m_notice->say(*m_view->error());
        else
            m_notice->clear();
        return;
    }
    if (m_shownVersion == state->folded.version)
        return;
    m_shownVersion = state->folded.version;
    m_words->setText(stateWords(*m_view->history(), state->folded));
    m_words->setToolTip(state->folded.snapshot ? text::toolTip(tr("The snapshot was kept on %1.").arg(text::localTime(state->folded.snapshot->createdAt))) : QString());
    m_changes->setText(changeWords(state->folded.changes));
    m_notice->say(theme::Role::Warning, unfoldedWords(state->folded));
    m_text->setLines(state->lines);
}

void StatePanel::updateVerification()
{
    m_verify->setRunning(m_view->isVerifying());
    if (m_view->isVerifying())
        m_verify->say(theme::Role::Muted, tr("Replaying all %1 events.").arg(text::exact(m_view->history()->versions())));
    else if (m_view->verification())
        m_verify->say(!m_view->verification()->isSound() ? theme::Role::Error : m_view->verification()->compared > 0 ? theme::Role::Ok : theme::Role::Muted,
                      verificationWords(*m_view->history(), *m_view->verification()));
    else
        m_verify->say(theme::Role::Muted, m_view->error() && m_view->state() ? text::error(*m_view->error()) : QString());
}

void StatePanel::copyState()
{
    const auto &state = m_view->state();
    if (!state)
        return;
    const QByteArray &json = state->folded.state;
    QGuiApplication::clipboard()->setText(QString::fromUtf8(models::aggregate::indented({json.constData(), static_cast<size_t>(json.size())})));
    Q_EMIT messageRaised(tr("The state at version %1 was copied.").arg(text::exact(state->folded.version)));
}

} // namespace ui::aggregates
