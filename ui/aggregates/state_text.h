// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/aggregate/state_lines.h"

#include <QPlainTextEdit>

namespace ui::aggregates {

/// A state, indented, with what its version changed marked by a sign before the line as well as by colour. Plain text that can be
/// selected; stays where it was scrolled to as versions change.
class StateText final : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit StateText(QWidget *parent = nullptr);

    void setLines(const std::vector<models::aggregate::StateLine> &lines);

protected:
    void changeEvent(QEvent *event) override;

private:
    void mark();

    std::vector<std::pair<int, models::aggregate::ChangeKind>> m_marks; ///< line, what became of it
};

} // namespace ui::aggregates
