// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/folders.h"

#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

namespace {

struct Include {
    QString from; ///< file, relative to the source folder
    QString to;   ///< as written
};

QList<Include> includesBelow(const QString &sourceDir)
{
    static const QRegularExpression line(QStringLiteral("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]"), QRegularExpression::MultilineOption);
    QList<Include> includes;
    for (const QString &top : {QStringLiteral("app"), QStringLiteral("ui"), QStringLiteral("models"), QStringLiteral("connectors")}) {
        QDirIterator files(sourceDir + u'/' + top, {QStringLiteral("*.h"), QStringLiteral("*.cpp")}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly))
                continue;
            auto matches = line.globalMatch(QString::fromUtf8(file.readAll()));
            while (matches.hasNext())
                includes.append({QDir(sourceDir).relativeFilePath(file.fileName()), matches.next().captured(1)});
        }
    }
    return includes;
}

/// "connectors" for the contract, "connectors/kafka" for a system, else the top folder.
QString layerOf(const QString &path)
{
    const QStringList parts = path.split(u'/');
    if (parts.first() == QStringLiteral("connectors") && parts.size() > 2)
        return parts[0] + u'/' + parts[1];
    if (parts.first() == QStringLiteral("app") && parts.size() > 2)
        return parts[0] + u'/' + parts[1];
    return parts.first();
}

bool isAllowed(const QString &from, const QString &to)
{
    if (from == to)
        return true;
    if (from == QStringLiteral("connectors"))
        return false;
    static const QStringList sharedBySystems{QStringLiteral("connectors/envelope"), QStringLiteral("connectors/query"), QStringLiteral("connectors/sqlite"), QStringLiteral("connectors/postgres"),
                                             QStringLiteral("connectors/tables")};
    if (sharedBySystems.contains(from))
        return to == QStringLiteral("connectors");
    if (from.startsWith(QStringLiteral("connectors/")))
        return to == QStringLiteral("connectors") || sharedBySystems.contains(to);
    if (from == QStringLiteral("models"))
        return to == QStringLiteral("connectors");
    if (from == QStringLiteral("ui"))
        return to == QStringLiteral("models") || to == QStringLiteral("connectors");
    if (from == QStringLiteral("app/session"))
        return to.startsWith(QStringLiteral("connectors")) || to == QStringLiteral("models");
    if (from == QStringLiteral("app/systems"))
        return to.startsWith(QStringLiteral("connectors")) || to == QStringLiteral("app/session");
    if (from == QStringLiteral("app/gui") && to == QStringLiteral("app/systems"))
        return false; // the window holds no broker's client
    return from.startsWith(QStringLiteral("app/")) && !(to.startsWith(QStringLiteral("app/")) && to != QStringLiteral("app/session") && to != QStringLiteral("app/systems"));
}

bool isGuiHeader(const QString &header)
{
    static const QRegularExpression gui(QStringLiteral(
        "^(QtWidgets|QtGui|QtSvg|QtPrintSupport)/|^(QWidget|QColor|QIcon|QPainter|QPixmap|QImage|QFont|QPen|QBrush|QPalette|QAction|QDialog|"
        "QLabel|QTable\\w*|QTree\\w*|QList(View|Widget)\\w*|QGuiApplication|QApplication|QClipboard|QStyle\\w*|QGraphics\\w*|qcustomplot\\.h)$"));
    return gui.match(header).hasMatch();
}

} // namespace

class TestLayering final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_includes = includesBelow(tests::sourceFolder());
        QVERIFY(!m_includes.isEmpty());
    }

    void includesFollowTheArrows()
    {
        QStringList wrong;
        for (const Include &include : m_includes) {
            if (QFile::exists(tests::sourceFolder() + QStringLiteral("/") + include.to) && !isAllowed(layerOf(include.from), layerOf(include.to)))
                wrong += include.from + QStringLiteral(" includes ") + include.to;
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }

    void onlyUiAndAppSeeGuiHeaders()
    {
        QStringList wrong;
        for (const Include &include : m_includes) {
            const bool isBelowUi = include.from.startsWith(QStringLiteral("models/")) || include.from.startsWith(QStringLiteral("connectors/"));
            if (isBelowUi && isGuiHeader(include.to))
                wrong += include.from + QStringLiteral(" includes ") + include.to;
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }

    void headersHaveNoCycle()
    {
        QMap<QString, QStringList> graph;
        for (const Include &include : m_includes)
            if (include.to.endsWith(QStringLiteral(".h")))
                graph[include.from] += include.to;
        QSet<QString> finished;
        for (auto node = graph.cbegin(); node != graph.cend(); ++node) {
            QStringList path;
            QVERIFY2(!hasCycle(graph, node.key(), &path, &finished), qPrintable(path.join(QStringLiteral(" → "))));
        }
    }

    void everyTestIsBuilt()
    {
        QStringList forgotten;
        int tests = 0;
        QDirIterator files(tests::sourceFolder() + QStringLiteral("/tests"), {QStringLiteral("tst_*.cpp")}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QFileInfo test(files.next());
            QFile list(test.path() + QStringLiteral("/CMakeLists.txt"));
            const QRegularExpression name(QStringLiteral("\\b%1\\b").arg(test.baseName()));
            if (!list.open(QIODevice::ReadOnly) || !QString::fromUtf8(list.readAll()).contains(name))
                forgotten += test.filePath();
            ++tests;
        }
        QVERIFY(tests > 50);
        QVERIFY2(forgotten.isEmpty(), qPrintable(forgotten.join(u'\n')));
    }

private:
    static bool hasCycle(const QMap<QString, QStringList> &graph, const QString &file, QStringList *path, QSet<QString> *finished)
    {
        if (finished->contains(file))
            return false;
        if (path->contains(file)) {
            path->append(file);
            return true;
        }
        path->append(file);
        for (const QString &next : graph.value(file))
            if (hasCycle(graph, next, path, finished))
                return true;
        path->removeLast();
        finished->insert(file);
        return false;
    }

    QList<Include> m_includes;
};

QTEST_GUILESS_MAIN(TestLayering)
#include "tst_layering.moc"
