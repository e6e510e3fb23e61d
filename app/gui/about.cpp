// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/about.h"

#include "ui/theme/theme.h"
#include "ui/widgets/custom_plot.h"
#include "ui/widgets/plain_label.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QPushButton>
#include <QVBoxLayout>

namespace gui {

namespace {

struct AboutText {
    Q_DECLARE_TR_FUNCTIONS(About)
};

QString versionLine()
{
    return QStringLiteral("Streamgauge " STREAMGAUGE_VERSION);
}

} // namespace

QStringList libraryVersions()
{
    return {QStringLiteral("Qt ") + QString::fromLatin1(qVersion()), QStringLiteral("QCustomPlot " QCUSTOMPLOT_VERSION_STR)};
}

void showAbout(QWidget *window)
{
    auto *dialog = window->findChild<QDialog *>(QStringLiteral("about-dialog"));
    if (!dialog) {
        dialog = new QDialog(window);
        dialog->setObjectName(QStringLiteral("about-dialog"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setWindowTitle(AboutText::tr("About Streamgauge"));
        auto *words = ui::widgets::plainLabel(QStringLiteral("about-words"), dialog);
        words->setWordWrap(true);
        words->setMinimumWidth(420);
        words->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        const QString facts = versionLine() + u'\n' + libraryVersions().join(QStringLiteral(", "));
        words->setText(facts + QStringLiteral("\n\n")
                       + AboutText::tr("Watches, explains and replays event-driven systems.\n\n"
                                       "This is free software under the GNU General Public License, version 3 or later. You may use, study, share and "
                                       "change it; it comes without any warranty. The whole licence is in the file LICENSE."));
        auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
        QPushButton *copy = buttons->addButton(AboutText::tr("&Copy the versions"), QDialogButtonBox::ActionRole);
        copy->setObjectName(QStringLiteral("about-copy"));
        QObject::connect(copy, &QPushButton::clicked, dialog, [facts] { QGuiApplication::clipboard()->setText(facts); });
        QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
        auto *layout = new QVBoxLayout(dialog);
        layout->setContentsMargins(ui::theme::Margin, ui::theme::Margin, ui::theme::Margin, ui::theme::Margin);
        layout->addWidget(words);
        layout->addWidget(buttons);
    }
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

} // namespace gui
