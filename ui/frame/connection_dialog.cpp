// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/connection_dialog.h"

#include "connectors/deliver.h"
#include "ui/frame/environment_text.h"
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
using models::connection::ProbeStep;
namespace text = widgets::text;

QString stepDone(const ProbeOutcome &outcome)
{
    switch (outcome.step) {
    case ProbeStep::Connect:
        return ConnectionDialog::tr("Connected and logged in: %1.").arg(text::untrusted(outcome.detail));
    case ProbeStep::ListStreams:
        return ConnectionDialog::tr("Can list streams: %n found.", nullptr, static_cast<int>(outcome.count));
    case ProbeStep::ListConsumers:
        return ConnectionDialog::tr("Can list consumers: %n found.", nullptr, static_cast<int>(outcome.count));
    case ProbeStep::ReadEvents:
        return outcome.wasTried ? ConnectionDialog::tr("Can read events.") : ConnectionDialog::tr("Reading was not tried: there is no event yet.");
    case ProbeStep::FindDeadLetters:
        return outcome.count == 1 ? ConnectionDialog::tr("Can look for dead letters: one queue found.")
                                  : ConnectionDialog::tr("Can look for dead letters: %n queues found.", nullptr, static_cast<int>(outcome.count));
    }
    return {};
}

QString stepFailed(ProbeStep step)
{
    switch (step) {
    case ProbeStep::Connect:
        return ConnectionDialog::tr("Could not connect.");
    case ProbeStep::ListStreams:
        return ConnectionDialog::tr("Could not list streams.");
    case ProbeStep::ListConsumers:
        return ConnectionDialog::tr("Could not list consumers.");
    case ProbeStep::ReadEvents:
        return ConnectionDialog::tr("Could not read events.");
    case ProbeStep::FindDeadLetters:
        return ConnectionDialog::tr("Could not look for dead letters.");
    }
    return {};
}

} // namespace

ConnectionDialog::ConnectionDialog(models::connection::Workspace &workspace, QWidget *parent)
    : QDialog(parent)
    , m_workspace(workspace)
    , m_saved(new QListWidget(this))
    , m_address(new QLineEdit(this))
    , m_name(new QLineEdit(this))
    , m_environment(new QComboBox(this))
    , m_secrets(new SecretsForm(this))
    , m_save(new QCheckBox(tr("&Save this connection (secrets go to the system's keyring)"), this))
    , m_results(new QListWidget(this))
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
    auto *savedLabel = new QLabel(tr("Sa&ved connections"), this);
    savedLabel->setBuddy(m_saved);
    left->addWidget(savedLabel);
    left->addWidget(m_saved, 1);
    left->addWidget(m_forget);
    m_saved->setObjectName(QStringLiteral("saved-connections"));
    m_saved->setAccessibleName(tr("Saved connections"));
    m_saved->setFixedWidth(200);
    m_forget->setObjectName(QStringLiteral("forget-connection"));
    m_forget->setEnabled(false);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme::Margin, theme::Margin, theme::Margin, theme::Margin);
    layout->setSpacing(theme::Margin);
    layout->addLayout(left);
    layout->addLayout(right, 1);
    connect(m_forget, &QPushButton::clicked, this, &ConnectionDialog::forgetSelected);
    connect(m_saved, &QListWidget::currentRowChanged, this, &ConnectionDialog::showSelected);
    connect(m_saved, &QListWidget::itemActivated, this, &ConnectionDialog::accept);
    m_address->setFocus();
    loadSaved();
}

ConnectionDialog::~ConnectionDialog()
{
    m_stop.request_stop();
}

void ConnectionDialog::buildForm(QVBoxLayout *layout)
{
    m_address->setObjectName(QStringLiteral("connection-address"));
    m_address->setPlaceholderText(QStringLiteral("kafka://host:9092   or   sqlite:/path/to/store.db"));
    m_name->setObjectName(QStringLiteral("connection-name"));
    m_name->setPlaceholderText(tr("as the address"));
    m_environment->setObjectName(QStringLiteral("connection-environment"));
    for (const Environment each : {Environment::Untagged, Environment::Production, Environment::Staging, Environment::Development})
        m_environment->addItem(environmentWord(each), static_cast<int>(each));
    m_save->setObjectName(QStringLiteral("connection-save"));
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(tr("&Address"), m_address);
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
        m_secrets->follow(address, selectedSpec());
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
    connect(m_test, &QPushButton::clicked, this, &ConnectionDialog::test);
    connect(buttons, &QDialogButtonBox::accepted, this, &ConnectionDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &ConnectionDialog::reject);
    layout->addWidget(buttons);
    setBusy(false);
}

void ConnectionDialog::loadSaved()
{
    connectors::deliver(m_workspace.opener().savedConnections(), this,
                        [this](const connectors::Result<std::vector<connectors::ConnectionSpec>> &specs) {
                            if (specs)
                                showSaved(*specs);
                            else
                                addResult(QStringLiteral("error"), text::error(specs.error()));
                        });
}

void ConnectionDialog::showSaved(const std::vector<connectors::ConnectionSpec> &specs)
{
    m_saved->clear();
    m_specs = specs;
    for (const auto &spec : m_specs) {
        auto *item = new QListWidgetItem(text::untrusted(spec.name, 60), m_saved);
        item->setToolTip(text::toolTip(environmentWord(spec.environment)));
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

std::optional<connectors::ConnectionSpec> ConnectionDialog::selectedSpec() const
{
    const int row = m_saved->currentRow();
    if (row < 0 || row >= static_cast<int>(m_specs.size()))
        return std::nullopt;
    return m_specs[static_cast<size_t>(row)];
}

void ConnectionDialog::showSelected()
{
    const auto spec = selectedSpec();
    m_forget->setEnabled(spec.has_value());
    if (!spec)
        return;
    m_secrets->clear(); // what was entered was meant for another system
    m_address->setText(spec->name);
    m_secrets->follow(spec->name, spec);
    m_name->clear();
    m_environment->setCurrentIndex(m_environment->findData(static_cast<int>(spec->environment)));
    m_save->setChecked(false);
}

void ConnectionDialog::withSpec(const std::function<void(const connectors::ConnectionSpec &)> &use)
{
    connectors::deliver(m_workspace.opener().find(m_address->text().trimmed()), this, [this, use](const SpecResult &found) {
        if (!found) {
            m_results->clear();
            addResult(QStringLiteral("error"), text::error(found.error()));
            setBusy(false);
            return;
        }
        connectors::ConnectionSpec spec = *found;
        if (!m_name->text().trimmed().isEmpty())
            spec.name = m_name->text().trimmed();
        const auto chosen = static_cast<Environment>(m_environment->currentData().toInt());
        if (chosen != Environment::Untagged)
            spec.environment = chosen;
        use(spec);
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
        if (outcome.error)
            addResult(QStringLiteral("error"), stepFailed(outcome.step) + u'\n' + text::error(*outcome.error));
        else
            addResult(outcome.wasTried ? QStringLiteral("ok") : QStringLiteral("info"), stepDone(outcome));
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
    const auto spec = selectedSpec();
    if (!spec)
        return;
    connectors::deliver(m_workspace.opener().forget(spec->name), this, [this](const connectors::Result<void> &result) {
        if (result)
            loadSaved();
        else
            addResult(QStringLiteral("error"), text::error(result.error()));
    });
}

} // namespace ui::frame
