// SPDX-License-Identifier: Apache-2.0
// The peer of bench/pair.c: the same problems given to LEMON's network simplex and cost scaling.  Built for the bench
// only; the product uses no LEMON.
#include <cstdint>
#include <lemon/cost_scaling.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>
#include <lemon/static_graph.h>
#include <utility>
#include <vector>
#include "pair_lemon.h"

using lemon::StaticDigraph;
typedef std::vector<std::pair<int, int>> Pairs;

template <class Solver>
static int run(const StaticDigraph &g, const lemon_problem *p, bool scaling, int64_t *value)
{
    StaticDigraph::ArcMap<int64_t> low(g), cap(g), cost(g);
    StaticDigraph::NodeMap<int64_t> supply(g);
    int64_t fixed = 0;
    for (int a = 0; a < p->arcs; a++) {
        low[g.arc(a)] = p->low ? p->low[a] : 0;
        cap[g.arc(a)] = p->cap[a];
        cost[g.arc(a)] = p->cost[a];
    }
    for (int v = 0; v < p->nodes; v++)
        supply[g.node(v)] = p->supply[v];
    Solver s(g);
    s.lowerMap(low).upperMap(cap).costMap(cost).supplyMap(supply);
    (void)scaling;
    if (s.run() != Solver::OPTIMAL)
        return 1;
    *value = fixed + s.template totalCost<int64_t>();
    return 0;
}

extern "C" int lemon_solve(const lemon_problem *p, int scaling, int64_t *value)
{
    Pairs arcs;
    arcs.reserve(p->arcs);
    for (int a = 0; a < p->arcs; a++)
        arcs.push_back(std::make_pair(p->tail[a], p->head[a]));
    StaticDigraph g;
    g.build(p->nodes, arcs.begin(), arcs.end());
    if (scaling)
        return run<lemon::CostScaling<StaticDigraph, int64_t, int64_t>>(g, p, true, value);
    return run<lemon::NetworkSimplex<StaticDigraph, int64_t, int64_t>>(g, p, false, value);
}
