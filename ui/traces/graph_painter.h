// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/graph_scene.h"
#include "ui/traces/graph_camera.h"

#include <QColor>
#include <QFont>
#include <QHash>
#include <QPixmap>

class QPainter;

namespace ui::traces {

struct GraphCluster;

/// What is pointed at and chosen while painting; items of the scene, −1 for none.
struct GraphFocus {
    int current = -1;
    int hovered = -1;
    const std::vector<char> *related = nullptr; ///< one flag an item: on the hovered item's path; may be null
    bool hasKeyboard = false;
};

/// Paints what a camera sees of a scene: only what is in sight, with one call a kind of line, and keeps what is costly to find out
/// (cut texts, colours, icons) from frame to frame. One widget, GUI thread.
class GraphPainter final
{
public:
    /// Forgets what was kept of another scene. The scene is kept alive by the caller.
    void setScene(const models::trace::GraphScene *scene);
    /// Palette, font or pixel ratio changed.
    void setLook(const QFont &font, double devicePixelRatio);
    void paint(QPainter &painter, const GraphCamera &camera, const GraphFocus &focus);

private:
    struct Inks {
        QColor text, base, raised, line, muted, accent, selection, error, warning, edge;
    };
    struct Words {
        QString first;
        QString second;
        int width = 0; ///< for which they were cut
    };

    void paintTreeEdges(QPainter &painter);
    void paintElapsed(QPainter &painter);
    void paintOtherEdges(QPainter &painter);
    void paintItems(QPainter &painter);
    void paintBox(QPainter &painter, int item);
    void paintWords(QPainter &painter, int item, const QRectF &box);
    double paintMarks(QPainter &painter, int item, const QRectF &box);
    void paintDot(QPainter &painter, int item, QPointF center);
    void paintClusters(QPainter &painter);
    void paintCluster(QPainter &painter, const GraphCluster &cluster);
    void paintMarkedDots(QPainter &painter);
    [[nodiscard]] QRgb typeColor(int item);
    [[nodiscard]] const Words &words(int item, int width);
    [[nodiscard]] QPointF middleOf(int item) const;

    const models::trace::GraphScene *m_scene = nullptr;
    const GraphCamera *m_camera = nullptr; ///< only while painting
    GraphFocus m_focus;
    Inks m_inks;
    QFont m_font;
    double m_ratio = 1;
    double m_fontScale = 0; ///< of the fonts below
    QFont m_bold;
    QFont m_small;
    std::vector<QRgb> m_typeColors; ///< by item; 0: not known yet
    QHash<int, Words> m_words;
    QHash<QRgb, QPixmap> m_dots;
    QPixmap m_errorIcon;
    QPixmap m_cycleIcon;
};

} // namespace ui::traces
