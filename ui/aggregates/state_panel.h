// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/aggregate/aggregate_view.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QSlider;
class QSpinBox;

namespace ui::widgets {
class Notice;
}

namespace ui::aggregates {

class StateText;
class VerifyRow;

/// The state of an aggregate at one of its versions: a slider through them, where the state comes from, the state itself with what
/// the version changed, and whether the snapshots can be trusted.
class StatePanel final : public QWidget
{
    Q_OBJECT

public:
    explicit StatePanel(QWidget *parent = nullptr);

    /// What is shown from now on; it must outlive this.
    void setView(models::aggregate::AggregateView *view) { m_view = view; }
    /// Brings everything up to date with the view.
    void update();
    void focusSlider();

Q_SIGNALS:
    void versionChosen(qint64 version);
    void verifyRequested();
    void cancelRequested();
    void messageRaised(const QString &message);

private:
    [[nodiscard]] QLayout *buildVersionRow();
    [[nodiscard]] QLayout *buildWordsRow();
    void updateVersion();
    void updateState();
    void updateVerification();
    void copyState();

    models::aggregate::AggregateView *m_view = nullptr;
    QSlider *m_slider;
    QSpinBox *m_version;
    QLabel *m_of;
    QLabel *m_words;
    QLabel *m_changes;
    QPushButton *m_copy;
    widgets::Notice *m_notice;
    StateText *m_text;
    VerifyRow *m_verify;
    qint64 m_shownVersion = 0; ///< of the text
};

} // namespace ui::aggregates
