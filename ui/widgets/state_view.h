// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QWidget>

#include <vector>

class QLabel;
class QPushButton;

namespace ui::widgets {

struct NamedError {
    QString name; ///< of what failed; escaped
    connectors::Error error;
};

/// What a view shows instead of its content: nothing there, loading, failed. Says what it is, why, and offers a button
/// for what to do. All text is plain text.
class StateView final : public QWidget
{
    Q_OBJECT

public:
    explicit StateView(QWidget *parent = nullptr);

    void showLoading(const QString &what);
    /// Empty is not an error: `title` says what is so, `explanation` why and what comes next.
    void showEmpty(const QString &title, const QString &explanation, const QString &buttonText = {}, const QString &iconName = QStringLiteral("info"));
    void showError(const QString &title, const connectors::Error &error, const QString &buttonText = {});
    /// Each by its name; that of a single one is the title's to tell.
    void showErrors(const QString &title, const std::vector<NamedError> &errors, const QString &buttonText = {});

    [[nodiscard]] QString title() const;
    [[nodiscard]] QString explanation() const;

Q_SIGNALS:
    void buttonClicked();

protected:
    void changeEvent(QEvent *event) override;

private:
    void show(const QString &iconName, const QString &title, const QString &explanation, const QString &buttonText);
    void paintIcon();

    QString m_iconName;
    QLabel *m_icon;
    QLabel *m_title;
    QLabel *m_explanation;
    QPushButton *m_button;
    QPushButton *m_copy;
};

} // namespace ui::widgets
