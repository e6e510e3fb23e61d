// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/connection_probe.h"
#include "models/connection/workspace.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QVBoxLayout;

namespace ui::frame {

class SecretsForm;

/// Open a connection: a saved one, or by address. *Test* connects and says what it could and could not do; *Open* opens
/// it, and saves it when a name is given and the box is ticked. A saved one that is chosen stands in the fields and can be
/// changed there, or forgotten. Never modal: nothing waits for it.
class ConnectionDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit ConnectionDialog(models::connection::Workspace &workspace, QWidget *parent = nullptr);
    ~ConnectionDialog() override;
    /// Fills the address, e.g. after opening it failed, and says why.
    void showFailure(const QString &address, const connectors::Error &error);

private:
    using SavedConnection = models::connection::SavedConnection;
    using SpecResult = connectors::Result<connectors::ConnectionSpec>;
    void buildForm(QVBoxLayout *layout);
    void buildButtons(QVBoxLayout *layout);
    void loadSaved();
    void buildSaved(QVBoxLayout *layout);
    void showSaved(const std::vector<SavedConnection> &saved);
    /// What the other fields say of what the address leads to. InvalidInput for what cannot be.
    [[nodiscard]] SpecResult completed(connectors::ConnectionSpec spec) const;
    void withSpec(const std::function<void(const connectors::ConnectionSpec &)> &use);
    [[nodiscard]] std::optional<SavedConnection> selected() const;
    void showSelected();
    void beginNew();
    void changeSelected();
    void test();
    void showOutcomes(const std::vector<models::connection::ProbeOutcome> &outcomes);
    void accept() override;
    void forgetSelected();
    void setBusy(bool isBusy);
    void addResult(const QString &iconName, const QString &text);

    models::connection::Workspace &m_workspace;
    QListWidget *m_saved;
    QLineEdit *m_address;
    QLineEdit *m_via;
    QLineEdit *m_name;
    QComboBox *m_environment;
    SecretsForm *m_secrets;
    QCheckBox *m_save;
    QListWidget *m_results;
    QPushButton *m_test = nullptr;
    QPushButton *m_open = nullptr;
    QPushButton *m_change = nullptr;
    QPushButton *m_new;
    QPushButton *m_forget;
    std::vector<SavedConnection> m_connections; ///< those saved, as in the list
    QString m_wantedName;                       ///< to be selected when the list has been read again
    std::stop_source m_stop;
    quint64 m_generation = 0; ///< of tests; a late answer of an earlier one is dropped
};

} // namespace ui::frame
