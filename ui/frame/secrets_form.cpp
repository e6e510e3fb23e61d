// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/secrets_form.h"

#include "ui/theme/theme.h"

#include <QFormLayout>
#include <QLineEdit>

#include <algorithm>

namespace ui::frame {

namespace {

/// An address may be half typed, so it is searched, not parsed.
bool mentions(const QString &address, const std::optional<connectors::ConnectionSpec> &saved, const QStringList &words)
{
    QString text = address;
    if (saved && saved->name == address.trimmed())
        for (auto property = saved->properties.cbegin(); property != saved->properties.cend(); ++property)
            text += u' ' + property.key() + u'=' + property.value();
    return std::any_of(words.cbegin(), words.cend(), [&text](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

} // namespace

SecretsForm::SecretsForm(QWidget *parent)
    : QWidget(parent)
    , m_form(new QFormLayout(this))
    , m_password(addField("connection-password", tr("&Password"), passwordHint(), true))
    , m_clientSecret(addField("connection-client-secret", tr("&Client secret"), tr("of the token endpoint, if the keyring does not have it"), true))
    , m_tokenCommand(addField("connection-token-command", tr("Token co&mmand"), tr("instead of a token endpoint: a program that prints a token"), false))
    , m_keyPassword(addField("connection-key-password", tr("&Key password"), tr("of the client certificate's key, if it has one"), true))
{
    setObjectName(QStringLiteral("connection-secrets"));
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setVerticalSpacing(theme::Spacing);
    m_form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    m_tokenCommand->setToolTip(tr("It is run without a shell and saved with the connection, so it must hold no secret itself."));
    for (QLineEdit *edit : {m_password, m_clientSecret, m_tokenCommand, m_keyPassword}) // whichever rows are shown
        m_form->labelForField(edit)->setMinimumWidth(labelWidth());
    follow(QString(), std::nullopt);
}

QString SecretsForm::passwordHint()
{
    return tr("only if the system asks for one and the keyring does not have it");
}

int SecretsForm::labelWidth() const
{
    int width = 0;
    for (QLineEdit *edit : {m_password, m_clientSecret, m_tokenCommand, m_keyPassword})
        width = std::max(width, m_form->labelForField(edit)->sizeHint().width());
    return width;
}

QLineEdit *SecretsForm::addField(const char *name, const QString &label, const QString &hint, bool isSecret)
{
    auto *edit = new QLineEdit(this);
    edit->setObjectName(QLatin1String(name));
    edit->setAccessibleName(QString(label).remove(u'&'));
    edit->setPlaceholderText(hint);
    if (isSecret)
        edit->setEchoMode(QLineEdit::Password);
    m_form->addRow(label, edit);
    return edit;
}

void SecretsForm::follow(const QString &address, const std::optional<connectors::ConnectionSpec> &saved)
{
    const bool isOauth = mentions(address, saved, {QStringLiteral("oauthbearer")});
    const bool hasKey = mentions(address, saved, {QStringLiteral("ssl.key"), QStringLiteral("ssl.certificate"), QStringLiteral("sslkey")});
    m_form->setRowVisible(m_password, !isOauth);
    m_form->setRowVisible(m_clientSecret, isOauth);
    m_form->setRowVisible(m_tokenCommand, isOauth);
    m_form->setRowVisible(m_keyPassword, hasKey);
}

std::optional<connectors::Credentials> SecretsForm::credentials() const
{
    const auto text = [this](QLineEdit *edit) { return m_form->isRowVisible(edit) ? edit->text() : QString(); };
    connectors::Credentials given;
    given.password = text(m_password);
    given.clientSecret = text(m_clientSecret);
    given.tokenCommand = text(m_tokenCommand).trimmed();
    given.keyPassword = text(m_keyPassword);
    if (given.password.isEmpty() && given.clientSecret.isEmpty() && given.tokenCommand.isEmpty() && given.keyPassword.isEmpty())
        return std::nullopt;
    return given;
}

void SecretsForm::setTokenCommand(const QString &command)
{
    m_tokenCommand->setText(command);
}

void SecretsForm::setHasPasswordCommand(bool hasIt)
{
    m_password->setPlaceholderText(hasIt ? tr("the connection's password command prints it") : passwordHint());
}

void SecretsForm::clear()
{
    for (QLineEdit *edit : {m_password, m_clientSecret, m_tokenCommand, m_keyPassword})
        edit->clear();
}

} // namespace ui::frame
