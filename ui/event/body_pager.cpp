// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/event/body_pager.h"

#include "connectors/deliver.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui::event {

namespace text = widgets::text;
using connectors::PageBytes;

namespace {

constexpr int ShowSavingMs = 200;

QToolButton *makeButton(const QString &objectName, const QString &words, const QString &accessibleName, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setObjectName(objectName);
    button->setText(words);
    button->setAccessibleName(accessibleName);
    return button;
}

QLabel *makeWords(const QString &objectName, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setObjectName(objectName);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

BodyPager::BodyPager(QWidget *parent)
    : QWidget(parent)
    , m_words(makeWords(QStringLiteral("body-pager-words"), this))
    , m_previous(makeButton(QStringLiteral("body-previous"), tr("Previous MiB"), tr("Show the part of the body before"), this))
    , m_next(makeButton(QStringLiteral("body-next"), tr("Next MiB"), tr("Show the part of the body after"), this))
    , m_save(makeButton(QStringLiteral("body-save"), tr("Save body as…"), tr("Save the whole body into a file"), this))
    , m_cancel(makeButton(QStringLiteral("body-save-cancel"), tr("Cancel"), tr("Stop saving the body"), this))
    , m_saveWords(makeWords(QStringLiteral("body-save-words"), this))
{
    setObjectName(QStringLiteral("body-pager"));
    setAccessibleName(tr("Parts of a large body"));
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(theme::Unit);
    for (QToolButton *button : {m_previous, m_next, m_save})
        buttons->addWidget(button);
    buttons->addStretch(1);
    auto *saving = new QHBoxLayout;
    saving->addWidget(m_saveWords, 1);
    saving->addWidget(m_cancel);
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(theme::Spacing, theme::Unit, theme::Spacing, theme::Unit);
    rows->setSpacing(theme::Unit);
    rows->addWidget(m_words);
    rows->addLayout(buttons);
    rows->addLayout(saving);
    m_cancel->hide();
    m_saveWords->hide();
    m_showSaving.setInterval(ShowSavingMs);
    connect(&m_showSaving, &QTimer::timeout, this, &BodyPager::showSaving);
    connect(m_previous, &QToolButton::clicked, this, [this] { turnBy(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { turnBy(1); });
    connect(m_save, &QToolButton::clicked, this, &BodyPager::chooseFile);
    connect(m_cancel, &QToolButton::clicked, this, [this] {
        if (m_saving)
            m_saving->stop.request_stop();
    });
    connect(&m_pages, &models::event::BodyPages::received, this, &BodyPager::receive);
    connect(&m_pages, &models::event::BodyPages::failed, this, [this](const connectors::Error &error) {
        m_isReading = false;
        m_words->setText(text::error(error));
        updateButtons();
    });
    hide();
}

BodyPager::~BodyPager()
{
    if (m_saving)
        m_saving->stop.request_stop();
}

void BodyPager::open(const std::shared_ptr<connectors::Connector> &connector, const connectors::EventAddress &address, qint64 size)
{
    begin(connector, address, size, true);
    turnBy(0);
}

void BodyPager::offerSave(const std::shared_ptr<connectors::Connector> &connector, const connectors::EventAddress &address, qint64 size)
{
    begin(connector, address, size, false);
    m_words->setText(tr("This body has %1. As text its first MiB is shown; “Raw” has all of it.").arg(text::bytes(size)));
    updateButtons();
}

void BodyPager::begin(const std::shared_ptr<connectors::Connector> &connector, const connectors::EventAddress &address, qint64 size, bool isPaging)
{
    m_pages.open(connector, address, size);
    m_offset = 0;
    m_isPaging = isPaging;
    if (!m_saving)
        m_saveWords->hide();
    m_previous->setVisible(isPaging);
    m_next->setVisible(isPaging);
    show();
}

void BodyPager::close()
{
    m_pages.close();
    m_isReading = false;
    m_isPaging = false;
    hide();
}

void BodyPager::turnBy(int pages)
{
    m_offset = std::max<qint64>(0, m_offset + pages * PageBytes);
    m_isReading = true;
    m_words->setText(tr("Reading from byte %1 of %2 on…").arg(text::exact(m_offset), text::exact(m_pages.size())));
    updateButtons();
    m_pages.show(m_offset);
}

void BodyPager::receive(const connectors::EventPage &page)
{
    m_isReading = false;
    m_words->setText(tr("This body has %1: bytes %2 to %3 of %4 are shown, as they are. A tree is made of smaller ones.")
                         .arg(text::bytes(page.size), text::exact(page.offset), text::exact(page.offset + page.bytes.size()), text::exact(page.size)));
    updateButtons();
    Q_EMIT pageReceived(page);
}

void BodyPager::updateButtons()
{
    m_previous->setEnabled(!m_isReading && m_offset > 0);
    m_next->setEnabled(!m_isReading && m_offset + PageBytes < m_pages.size());
    m_save->setEnabled(!m_saving);
}

void BodyPager::chooseFile()
{
    auto *dialog = new QFileDialog(this, tr("Save the body"), QStringLiteral("body-%1-%2").arg(m_pages.address().partition).arg(m_pages.address().position));
    dialog->setObjectName(QStringLiteral("body-save-dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this, &BodyPager::saveTo);
    dialog->open();
}

void BodyPager::saveTo(const QString &path)
{
    if (!m_pages.isOpen() || m_saving)
        return;
    m_saving = std::make_shared<models::job::JobProgress>();
    m_saveWords->show();
    m_cancel->show();
    m_showSaving.start();
    showSaving();
    updateButtons();
    connectors::deliver(models::event::saveBody(m_pages.connector(), m_pages.address(), m_pages.size(), path, m_saving), this,
                        [this, path](const connectors::Result<void> &result) { finishSaving(path, result); });
}

void BodyPager::showSaving()
{
    if (m_saving)
        m_saveWords->setText(tr("Saving: %1 of %2").arg(text::bytes(m_saving->done), text::bytes(std::max<qint64>(m_saving->total, 0))));
}

void BodyPager::finishSaving(const QString &path, const connectors::Result<void> &result)
{
    m_showSaving.stop();
    m_saveWords->setText(result ? tr("%1 were written to %2.").arg(text::bytes(m_saving->done), text::untrusted(path)) : text::error(result.error()));
    m_saving.reset();
    m_cancel->hide();
    updateButtons();
}

} // namespace ui::event
