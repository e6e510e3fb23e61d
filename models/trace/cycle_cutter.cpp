// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/cycle_cutter.h"

#include "models/trace/node_index.h"

#include <algorithm>

namespace models::trace {

namespace {

constexpr int MaximumRounds = 32;

/// The alive edges in one array, by their first node.
struct Adjacency {
    Adjacency(int nodeCount, const std::vector<Edge> &edges, const std::vector<char> &isCut)
        : start(at(nodeCount) + 1)
        , edge(edges.size())
    {
        for (size_t i = 0; i < edges.size(); ++i)
            start[at(edges[i].from) + 1] += isCut[i] ? 0 : 1;
        for (size_t i = 1; i < start.size(); ++i)
            start[i] += start[i - 1];
        std::vector<qint32> next(start.cbegin(), start.cend() - 1);
        for (size_t i = 0; i < edges.size(); ++i)
            if (!isCut[i])
                edge[at(next[at(edges[i].from)]++)] = static_cast<qint32>(i);
    }

    std::vector<qint32> start;
    std::vector<qint32> edge; ///< indices
};

/// True for nodes that can be reached from no cycle, found by taking away nodes without a cause again and again.
std::vector<char> peeled(int nodeCount, const std::vector<Edge> &edges, const std::vector<char> &isCut, const Adjacency &adjacency)
{
    std::vector<qint32> causes(at(nodeCount));
    for (size_t i = 0; i < edges.size(); ++i)
        causes[at(edges[i].to)] += isCut[i] ? 0 : 1;
    std::vector<qint32> ready;
    for (qint32 node = 0; node < nodeCount; ++node)
        if (causes[at(node)] == 0)
            ready.push_back(node);
    std::vector<char> isPeeled(at(nodeCount));
    while (!ready.empty()) {
        const qint32 node = ready.back();
        ready.pop_back();
        isPeeled[at(node)] = 1;
        for (qint32 i = adjacency.start[at(node)]; i < adjacency.start[at(node) + 1]; ++i) {
            const qint32 to = edges[at(adjacency.edge[at(i)])].to;
            if (--causes[at(to)] == 0)
                ready.push_back(to);
        }
    }
    return isPeeled;
}

/// Tarjan's algorithm with its call stack written out. Gives the component of every node; −1 for peeled ones.
std::vector<qint32> components(int nodeCount, const std::vector<Edge> &edges, const Adjacency &adjacency, const std::vector<char> &isPeeled)
{
    std::vector<qint32> component(at(nodeCount), -1);
    std::vector<qint32> number(at(nodeCount), -1);
    std::vector<qint32> low(at(nodeCount));
    std::vector<qint32> next(adjacency.start.cbegin(), adjacency.start.cend() - 1);
    std::vector<qint32> open;
    std::vector<qint32> calls;
    qint32 counter = 0;
    qint32 componentCount = 0;
    const auto enter = [&](qint32 node) {
        number[at(node)] = low[at(node)] = counter++;
        open.push_back(node);
        calls.push_back(node);
    };
    const auto leave = [&](qint32 node) {
        calls.pop_back();
        if (!calls.empty())
            low[at(calls.back())] = std::min(low[at(calls.back())], low[at(node)]);
        if (low[at(node)] != number[at(node)])
            return;
        qint32 member = -1;
        do {
            member = open.back();
            open.pop_back();
            component[at(member)] = componentCount;
        } while (member != node);
        ++componentCount;
    };
    for (qint32 start = 0; start < nodeCount; ++start) {
        if (isPeeled[at(start)] || number[at(start)] >= 0)
            continue;
        enter(start);
        while (!calls.empty()) {
            const qint32 node = calls.back();
            if (next[at(node)] == adjacency.start[at(node) + 1]) {
                leave(node);
                continue;
            }
            const qint32 to = edges[at(adjacency.edge[at(next[at(node)]++)])].to;
            if (number[at(to)] < 0)
                enter(to);
            else if (component[at(to)] < 0)
                low[at(node)] = std::min(low[at(node)], number[at(to)]);
        }
    }
    return component;
}

/// The shortest way from `from` to `to` inside their component (breadth first).
std::vector<qint32> wayInside(qint32 from, qint32 to, const std::vector<Edge> &edges, const Adjacency &adjacency,
                              const std::vector<qint32> &component, std::vector<qint32> &cameFrom)
{
    std::vector<qint32> reached = {from};
    cameFrom[at(from)] = from;
    for (size_t i = 0; i < reached.size() && cameFrom[at(to)] < 0; ++i) {
        const qint32 node = reached[i];
        for (qint32 k = adjacency.start[at(node)]; k < adjacency.start[at(node) + 1]; ++k) {
            const qint32 next = edges[at(adjacency.edge[at(k)])].to;
            if (component[at(next)] == component[at(from)] && cameFrom[at(next)] < 0) {
                cameFrom[at(next)] = node;
                reached.push_back(next);
            }
        }
    }
    std::vector<qint32> way = {to};
    while (way.back() != from)
        way.push_back(cameFrom[at(way.back())]);
    std::reverse(way.begin(), way.end());
    for (const qint32 node : reached)
        cameFrom[at(node)] = -1;
    return way;
}

} // namespace

CutResult cutCycles(int nodeCount, std::vector<Edge> edges)
{
    CutResult result;
    std::vector<char> isCut(edges.size());
    std::vector<qint32> cameFrom(at(nodeCount), -1);
    for (int round = 0;; ++round) {
        const Adjacency adjacency(nodeCount, edges, isCut);
        const std::vector<char> isPeeled = peeled(nodeCount, edges, isCut, adjacency);
        if (std::find(isPeeled.cbegin(), isPeeled.cend(), 0) == isPeeled.cend())
            break;
        const std::vector<qint32> component = components(nodeCount, edges, adjacency, isPeeled);
        std::vector<qint32> latest(at(nodeCount), -1); // by component
        for (qint32 node = 0; node < nodeCount; ++node)
            if (component[at(node)] >= 0)
                latest[at(component[at(node)])] = node;
        std::vector<char> isTold(at(nodeCount)); // one cycle a component and round is described
        for (size_t i = 0; i < edges.size(); ++i) {
            const Edge &edge = edges[i];
            const qint32 inside = component[at(edge.from)];
            if (isCut[i] || inside < 0 || inside != component[at(edge.to)])
                continue;
            const bool isLatest = latest[at(inside)] == edge.from;
            if (!isLatest && !(round >= MaximumRounds && edge.from >= edge.to))
                continue;
            isCut[i] = 1;
            result.cut.push_back(edge);
            if (isLatest && !std::exchange(isTold[at(inside)], 1))
                result.cycles.push_back(wayInside(edge.to, edge.from, edges, adjacency, component, cameFrom));
        }
    }
    for (size_t i = 0; i < edges.size(); ++i)
        if (!isCut[i])
            result.kept.push_back(edges[i]);
    return result;
}

} // namespace models::trace
