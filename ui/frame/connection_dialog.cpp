// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/connection_dialog.h"

#include "connectors/deliver.h"
#include "models/connection/connection_url.h"
#include "models/connection/via.h"
#include "ui/frame/environment_text.h"
#include "ui/frame/probe_text.h"
#include "ui/frame/secrets_form.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QFutureWatcher>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace ui::frame {

namespace {

using connectors::Environment;
using models::connection::ProbeOutcome;
namespace text = widgets::text;

} // namespace

ConnectionDialog::ConnectionDialog(models::connection::Workspace &workspace, QWidget *parent)
    : QDialog(parent)
    , m_workspace(workspace)
    , m_saved(new QListWidget(this))
    , m_address(new QLineEdit(this))
    , m_via(new QLineEdit(this))
    , m_name(new QLineEdit(this))
    , m_environment(new QComboBox(this))
    , m_secrets(new SecretsForm(this))
    , m_save(new QCheckBox(tr("&Save this connection (secrets go to the system's keyring)"), this))
    , m_results(new QListWidget(this))
    , m_new(new QPushButton(tr("Ne&w"), this))
    , m_forget(new QPushButton(tr("&Forget"), this))
{
    setObjectName(QStringLiteral("connection-dialog"));
    setWindowTitle(tr("Open a connection"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(720, 520);
    auto *right = new QVBoxLayout;
    right->setSpacing(theme::Spacing);
    buildForm(right);
    buildButtons(right);
    auto *left = new QVBoxLayout;
    buildSaved(left);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme::Margin, theme::Margin, theme::Margin, theme::Margin);
    layout->setSpacing(theme::Margin);
    layout->addLayout(left);
    layout->addLayout(right, 1);
    m_address->setFocus();
    loadSaved();
}

ConnectionDialog::~ConnectionDialog()
{
    m_stop.request_stop();
}

void ConnectionDialog::buildSaved(QVBoxLayout *layout)
{
    auto *label = new QLabel(tr("Sa&ved connections"), this);
    label->setBuddy(m_saved);
    m_saved->setObjectName(QStringLiteral("saved-connections"));
    m_saved->setAccessibleName(tr("Saved connections"));
    m_saved->setFixedWidth(200);
    m_new->setObjectName(QStringLiteral("new-connection"));
    m_new->setToolTip(tr("Empty the fields for another connection"));
    m_new->setEnabled(false);
    m_forget->setObjectName(QStringLiteral("forget-connection"));
    m_forget->setEnabled(false);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_new);
    buttons->addWidget(m_forget);
    layout->addWidget(label);
    layout->addWidget(m_saved, 1);
    layout->addLayout(buttons);
    connect(m_new, &QPushButton::clicked, this, &ConnectionDialog::beginNew);
    connect(m_forget, &QPushButton::clicked, this, &ConnectionDialog::forgetSelected);
    connect(m_saved, &QListWidget::currentRowChanged, this, &ConnectionDialog::showSelected);
    connect(m_saved, &QListWidget::itemActivated, this, &ConnectionDialog::accept);
}

void ConnectionDialog::buildForm(QVBoxLayout *layout)
{
    m_address->setObjectName(QStringLiteral("connection-address"));
    m_address->setPlaceholderText(QStringLiteral("kafka://host:9092, sqlite:/path/to/store.db or postgresql://user@host/database"));
    m_via->setObjectName(QStringLiteral("connection-via"));
    m_via->setAccessibleName(tr("Through another machine"));
    m_via->setPlaceholderText(tr("ssh:user@host, if only a machine there can reach the address"));
    m_via->setToolTip(text::toolTip(tr("The address is reached from that machine, by your own ssh and with the streamgauge-worker there. exec:NAME runs a command that you have written into the file of saved connections.")));
    m_name->setObjectName(QStringLiteral("connection-name"));
    m_name->setPlaceholderText(tr("as the address"));
    m_environment->setObjectName(QStringLiteral("connection-environment"));
    for (const Environment each : {Environment::Untagged, Environment::Production, Environment::Staging, Environment::Development})
        m_environment->addItem(environmentWord(each), static_cast<int>(each));
    m_save->setObjectName(QStringLiteral("connection-save"));
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(tr("&Address"), m_address);
    form->addRow(tr("T&hrough"), m_via);
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("&Environment"), m_environment);
    form->labelForField(m_address)->setMinimumWidth(m_secrets->labelWidth());
    layout->addLayout(form);
    layout->addWidget(m_secrets);
    layout->addWidget(m_save);
    m_results->setObjectName(QStringLiteral("connection-results"));
    m_results->setAccessibleName(tr("What the test found"));
    m_results->setWordWrap(true);
    m_results->setSelectionMode(QAbstractItemView::NoSelection);
    m_results->setResizeMode(QListView::Adjust);
    m_results->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(m_results, 1);
    addResult(QStringLiteral("info"), tr("A connection only reads. Nothing is created or changed by opening it or testing it."));
    connect(m_address, &QLineEdit::textChanged, this, [this](const QString &address) {
        const auto saved = selected();
        m_secrets->follow(address, saved ? std::optional(saved->spec) : std::nullopt);
        setBusy(false);
    });
}

void ConnectionDialog::buildButtons(QVBoxLayout *layout)
{
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_open = buttons->addButton(tr("&Open"), QDialogButtonBox::AcceptRole);
    m_open->setObjectName(QStringLiteral("connection-open"));
    m_open->setDefault(true);
    m_test = buttons->addButton(tr("&Test"), QDialogButtonBox::ActionRole);
    m_test->setObjectName(QStringLiteral("connection-test"));
    m_change = buttons->addButton(tr("Save the chan&ges"), QDialogButtonBox::ActionRole);
    m_change->setObjectName(QStringLiteral("connection-change"));
    m_change->setVisible(false);
    connect(m_change, &QPushButton::clicked, this, &ConnectionDialog::changeSelected);
    connect(m_test, &QPushButton::clicked, this, &ConnectionDialog::test);
    connect(buttons, &QDialogButtonBox::accepted, this, &ConnectionDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &ConnectionDialog::reject);
    layout->addWidget(buttons);
    setBusy(false);
}

void ConnectionDialog::loadSaved()
{
    connectors::deliver(m_workspace.opener().savedConnections(), this,
                        [this](const connectors::Result<std::vector<SavedConnection>> &saved) {
                            if (saved)
                                showSaved(*saved);
                            else
                                addResult(QStringLiteral("error"), text::error(saved.error()));
                        });
}

void ConnectionDialog::showSaved(const std::vector<SavedConnection> &saved)
{
    m_saved->clear();
    m_connections = saved;
    const QString wanted = std::exchange(m_wantedName, {});
    for (const SavedConnection &each : m_connections) {
        auto *item = new QListWidgetItem(text::untrusted(each.spec.name, 60), m_saved);
        item->setToolTip(text::toolTip(each.address + u'\n' + environmentWord(each.spec.environment)));
        if (!wanted.isEmpty() && each.spec.name == wanted)
            m_saved->setCurrentItem(item);
    }
}

void ConnectionDialog::showFailure(const QString &address, const connectors::Error &error)
{
    m_address->setText(address);
    m_results->clear();
    addResult(QStringLiteral("error"), text::error(error));
}

void ConnectionDialog::addResult(const QString &iconName, const QString &text)
{
    const auto role = iconName == QStringLiteral("ok") ? theme::Role::Ok
        : iconName == QStringLiteral("error")          ? theme::Role::Error
                                                       : theme::Role::Info;
    new QListWidgetItem(theme::icon(iconName, role), text, m_results);
}

void ConnectionDialog::setBusy(bool isBusy)
{
    const bool hasAddress = !m_address->text().trimmed().isEmpty();
    if (m_test)
        m_test->setEnabled(!isBusy && hasAddress);
    if (m_open)
        m_open->setEnabled(hasAddress);
}

std::optional<models::connection::SavedConnection> ConnectionDialog::selected() const
{
    const int row = m_saved->currentRow();
    if (row < 0 || row >= static_cast<int>(m_connections.size()))
        return std::nullopt;
    return m_connections[static_cast<size_t>(row)];
}

void ConnectionDialog::showSelected()
{
    const auto saved = selected();
    for (QWidget *button : {m_forget, m_new})
        button->setEnabled(saved.has_value());
    m_change->setVisible(saved.has_value());
    m_save->setVisible(!saved);
    m_save->setChecked(false);
    m_secrets->clear(); // what was entered was meant for another system
    m_secrets->setHasPasswordCommand(saved && saved->hasPasswordCommand);
    if (!saved)
        return;
    m_address->setText(saved->address);
    m_via->setText(saved->spec.via);
    m_secrets->follow(saved->address, saved->spec);
    m_secrets->setTokenCommand(saved->tokenCommand);
    m_name->setText(saved->spec.name);
    m_environment->setCurrentIndex(m_environment->findData(static_cast<int>(saved->spec.environment)));
}

void ConnectionDialog::beginNew()
{
    m_saved->setCurrentRow(-1);
    m_address->clear();
    m_via->clear();
    m_name->clear();
    m_environment->setCurrentIndex(0);
    m_address->setFocus();
}

ConnectionDialog::SpecResult ConnectionDialog::completed(connectors::ConnectionSpec spec) const
{
    // One in the address is as good as one in the field.
    QString via = m_via->text().trimmed();
    if (via.startsWith(u"via=")) // as it is written in an address
        via.remove(0, 4);
    if (!via.isEmpty()) {
        const bool isNamedByAddress = spec.name == models::connection::connectionUrl(spec, false);
        spec.via = via;
        if (isNamedByAddress)
            spec.name = models::connection::connectionUrl(spec, false);
    }
    if (const auto fit = models::connection::checkVia(spec); !fit)
        return tl::unexpected(fit.error());
    const auto saved = selected();
    if (!m_name->text().trimmed().isEmpty())
        spec.name = m_name->text().trimmed();
    else if (saved)
        spec.name = saved->spec.name;
    // An environment in the address is as good as one chosen; that of a saved connection is only chosen.
    const auto chosen = static_cast<Environment>(m_environment->currentData().toInt());
    if (chosen != Environment::Untagged)
        spec.environment = chosen;
    return spec;
}

void ConnectionDialog::withSpec(const std::function<void(const connectors::ConnectionSpec &)> &use)
{
    connectors::deliver(m_workspace.opener().find(m_address->text().trimmed()), this, [this, use](const SpecResult &found) {
        const SpecResult spec = found.and_then([this](const connectors::ConnectionSpec &each) { return completed(each); });
        if (spec)
            return use(*spec);
        m_results->clear();
        addResult(QStringLiteral("error"), text::error(spec.error()));
        setBusy(false);
    });
}

void ConnectionDialog::changeSelected()
{
    const auto saved = selected();
    if (!saved)
        return;
    withSpec([this, oldName = saved->spec.name](const connectors::ConnectionSpec &spec) {
        const auto credentials = m_secrets->credentials().value_or(connectors::Credentials());
        connectors::deliver(m_workspace.opener().change(oldName, spec, credentials), this, [this, spec](const connectors::Result<void> &changed) {
            m_results->clear();
            if (!changed)
                return addResult(QStringLiteral("error"), text::error(changed.error()));
            addResult(QStringLiteral("ok"), tr("%1 is saved. What is open already goes on as it was opened.").arg(text::untrusted(spec.name, 60)));
            m_wantedName = spec.name;
            loadSaved();
        });
    });
}

void ConnectionDialog::test()
{
    const quint64 generation = ++m_generation;
    m_results->clear();
    addResult(QStringLiteral("clock"), tr("Connecting…"));
    setBusy(true);
    withSpec([this, generation](const connectors::ConnectionSpec &spec) {
        connectors::deliver(m_workspace.opener().open(spec, m_secrets->credentials()), this,
                            [this, generation](const connectors::Result<std::shared_ptr<connectors::Connector>> &connector) {
                                if (generation != m_generation)
                                    return;
                                if (!connector) {
                                    m_results->clear();
                                    addResult(QStringLiteral("error"), text::error(connector.error()));
                                    setBusy(false);
                                    return;
                                }
                                connectors::deliver(models::connection::probe(*connector, m_stop.get_token()), this, [this, generation](const std::vector<ProbeOutcome> &outcomes) {
                                    if (generation == m_generation)
                                        showOutcomes(outcomes);
                            });
        });
    });
}

void ConnectionDialog::showOutcomes(const std::vector<ProbeOutcome> &outcomes)
{
    m_results->clear();
    for (const ProbeOutcome &outcome : outcomes) {
        const QString icon = outcome.error ? QStringLiteral("error") : outcome.wasTried ? QStringLiteral("ok") : QStringLiteral("info");
        addResult(icon, probeText(outcome));
    }
    setBusy(false);
}

void ConnectionDialog::accept()
{
    if (m_address->text().trimmed().isEmpty())
        return;
    withSpec([this](const connectors::ConnectionSpec &spec) {
        if (m_save->isChecked()) {
            connectors::deliver(m_workspace.opener().save(spec, m_secrets->credentials()), this, [this, spec](const connectors::Result<void> &saved) {
                if (!saved) {
                    m_results->clear();
                    addResult(QStringLiteral("error"), text::error(saved.error()));
                    return;
                }
                m_workspace.open(spec, m_secrets->credentials());
                QDialog::accept();
            });
            return;
        }
        m_workspace.open(spec, m_secrets->credentials());
        QDialog::accept();
    });
}

void ConnectionDialog::forgetSelected()
{
    const auto saved = selected();
    if (!saved)
        return;
    connectors::deliver(m_workspace.opener().forget(saved->spec.name), this, [this](const connectors::Result<void> &result) {
        if (result)
            loadSaved();
        else
            addResult(QStringLiteral("error"), text::error(result.error()));
    });
}

} // namespace ui::frame
