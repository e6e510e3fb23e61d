// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"

#include <QWidget>

#include <optional>

class QFormLayout;
class QLineEdit;

namespace ui::frame {

/// The secrets of a connection, a field each: password, client secret and token command of OAUTHBEARER, password of the
/// certificate's key. Shows those that the address or the saved connection can use.
class SecretsForm final : public QWidget
{
    Q_OBJECT

public:
    explicit SecretsForm(QWidget *parent = nullptr);
    /// `address` as it is being typed; `saved` the chosen saved connection, whose name the address may be.
    void follow(const QString &address, const std::optional<connectors::ConnectionSpec> &saved);
    /// Null where nothing was entered: what is kept is used. Fields that are hidden count as empty.
    [[nodiscard]] std::optional<connectors::Credentials> credentials() const;
    void clear();
    /// The command is no secret: that of a saved connection is shown, and can be removed.
    void setTokenCommand(const QString &command);
    /// Whether a program of the saved connection prints the secret, so that none has to be entered.
    void setHasPasswordCommand(bool hasIt);
    /// Of the widest label, so that a form above can begin its fields where this one does.
    [[nodiscard]] int labelWidth() const;

private:
    [[nodiscard]] static QString passwordHint();
    QLineEdit *addField(const char *name, const QString &label, const QString &hint, bool isSecret);

    QFormLayout *m_form;
    QLineEdit *m_password;
    QLineEdit *m_clientSecret;
    QLineEdit *m_tokenCommand;
    QLineEdit *m_keyPassword;
};

} // namespace ui::frame
