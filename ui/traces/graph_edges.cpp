// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/graph_edges.h"

#include <algorithm>
#include <cmath>

namespace ui::traces {

using models::trace::EdgeKind;
using models::trace::GraphScene;
using models::trace::LayeredLayout;

namespace {

class TreeEdges final
{
public:
    TreeEdges(const GraphScene &scene, const GraphCamera &camera, const std::vector<char> *related)
        : m_layout(scene.layout())
        , m_scene(scene)
        , m_camera(camera)
        , m_related(related)
        , m_seen(inSight(scene, camera))
    {
        for (int layer = m_seen.firstLayer; layer < m_seen.endLayer; ++layer)
            for (const qint32 cause : scene.causesReaching(layer, m_seen.fromRow, m_seen.toRow))
                addEffects(cause);
    }

    EdgeLines take() { return std::move(m_lines); }

private:
    [[nodiscard]] bool isRelated(int item) const { return m_related && (*m_related)[static_cast<size_t>(item)]; }
    [[nodiscard]] double xOf(double sceneX) const { return std::round(m_camera.toView(QPointF(sceneX, 0)).x()); }
    [[nodiscard]] double yOf(double row) const
    {
        return std::round(m_camera.toView(QPointF(0, row * LayeredLayout::RowPitch + LayeredLayout::NodeHeight / 2)).y());
    }

    void addEffects(int cause)
    {
        const auto effects = m_layout.treeEffectsOf(cause);
        const QRectF box = m_layout.rectOf(cause);
        const bool isDot = m_camera.detail() == Detail::Dot;
        const double right = xOf(isDot ? box.center().x() : box.right());
        const double trunk = xOf(box.right() + TrunkGap);
        const double left = xOf((isDot ? box.center().x() : box.left()) + LayeredLayout::LayerPitch);
        m_lines.plain.append(QLineF(right, yOf(m_layout.rowOf(cause)), trunk, yOf(m_layout.rowOf(cause))));
        const double top = yOf(std::max(m_layout.rowOf(effects.front()), m_seen.fromRow));
        const double bottom = yOf(std::min(m_layout.rowOf(effects.back()), m_seen.toRow));
        if (bottom > top)
            m_lines.plain.append(QLineF(trunk, top, trunk, bottom));
        const auto isAbove = [this](qint32 item, double row) { return m_layout.rowOf(item) < row; };
        auto effect = std::lower_bound(effects.begin(), effects.end(), m_seen.fromRow, isAbove);
        for (; effect != effects.end() && m_layout.rowOf(*effect) <= m_seen.toRow; ++effect) {
            const QLineF line(trunk, yOf(m_layout.rowOf(*effect)), left, yOf(m_layout.rowOf(*effect)));
            if (m_scene.kindOfTreeEdge(*effect) == EdgeKind::Time)
                m_lines.dotted.append(line);
            else
                m_lines.plain.append(line);
            if (isRelated(cause) && isRelated(*effect))
                m_lines.lit.append(line);
        }
        if (isRelated(cause))
            addPath(cause, right, trunk);
    }

    /// The path's part of a cause's line: as far as its related effects reach, in sight or not.
    void addPath(int cause, double right, double trunk)
    {
        const auto effects = m_layout.treeEffectsOf(cause);
        const auto first = std::find_if(effects.begin(), effects.end(), [this](qint32 item) { return isRelated(item); });
        if (first == effects.end())
            return;
        const auto last = std::find_if(effects.rbegin(), effects.rend(), [this](qint32 item) { return isRelated(item); });
        const double own = m_layout.rowOf(cause);
        const auto inView = [this](double row) { return std::clamp(yOf(row), -10.0, m_camera.viewSize().height() + 10.0); };
        m_lines.lit.append(QLineF(right, inView(own), trunk, inView(own)));
        m_lines.lit.append(QLineF(trunk, inView(std::min(own, m_layout.rowOf(*first))), trunk, inView(std::max(own, m_layout.rowOf(*last)))));
    }

    const LayeredLayout &m_layout;
    const GraphScene &m_scene;
    const GraphCamera &m_camera;
    const std::vector<char> *m_related;
    const InSight m_seen;
    EdgeLines m_lines;
};

} // namespace

EdgeLines treeEdgesInSight(const GraphScene &scene, const GraphCamera &camera, const std::vector<char> *related)
{
    return TreeEdges(scene, camera, related).take();
}

InSight inSight(const GraphScene &scene, const GraphCamera &camera)
{
    const QRectF seen = camera.visible();
    const int count = scene.layout().layerCount();
    const auto layerAt = [count](double x, int more) { return std::clamp(static_cast<int>(std::floor(x / LayeredLayout::LayerPitch)) + more, 0, count); };
    return {layerAt(seen.left(), -1), layerAt(seen.right(), 1), seen.top() / LayeredLayout::RowPitch - 1, seen.bottom() / LayeredLayout::RowPitch + 1};
}

} // namespace ui::traces
