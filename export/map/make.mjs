// Makes world.bin and region.bin: the base maps that `export::draw::map` draws on.
//
//   mkdir /tmp/map && cd /tmp/map && npm install --ignore-scripts world-atlas@2.0.2 d3-geo@3.1.2 topojson-client@3.1.0
//   node …/export/map/make.mjs /tmp/map/node_modules …/export/map
//
// Coast lines, borders and names of countries are Natural Earth's (public domain), packed by world-atlas (ISC). They are
// projected with Equal Earth (Šavrič, Patterson, Jenny 2018), x to the right and y down, rounded to whole steps, and
// written as zigzag varints:
//
//   land ring   0, points, then x and y of the first, then differences
//   border      1, the same
//   country     2, x and y of its label, half the square root of its area in steps², bytes of its name, the name
//
// A step is 4 units of a projection at scale 6400 for the world (about 4 km), 1 for regions (about 1 km).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [modules, out] = process.argv.slice(2);
// The packages' bundles, which need no resolver.
function load(path, parts = {}) {
  const exports = {};
  new Function('exports', 'module', 'require', readFileSync(join(modules, path)))(exports, {}, (name) => parts[name]);
  return exports;
}
const array = load('d3-array/dist/d3-array.js');
const { geoEqualEarth, geoPath, geoArea } = load('d3-geo/dist/d3-geo.js', { 'd3-array': array });
const { feature, mesh } = load('topojson-client/dist/topojson-client.js');

function varint(bytes, n) {
  while (n > 127) {
    bytes.push((n % 128) | 128);
    n = Math.floor(n / 128);
  }
  bytes.push(n);
}
const zigzag = (bytes, n) => varint(bytes, n < 0 ? -2 * n - 1 : 2 * n);

// Collects the lines that a path draws.
class Lines {
  lines = [];
  moveTo(x, y) { this.lines.push([[x, y]]); }
  lineTo(x, y) { this.lines.at(-1).push([x, y]); }
  closePath() {}
  arc() {}
}

function make(resolution, step, name) {
  const world = JSON.parse(readFileSync(join(modules, `world-atlas/countries-${resolution}.json`)));
  const projection = geoEqualEarth().scale(6400 / step).translate([0, 0]).precision(1);
  const bytes = [];
  let points = 0;
  const draw = (kind, what) => {
    const lines = new Lines();
    geoPath(projection, lines)(what);
    for (const line of lines.lines) {
      const round = line.map(([x, y]) => [Math.round(x), Math.round(y)]);
      const kept = round.filter((p, i) => i === 0 || p[0] !== round[i - 1][0] || p[1] !== round[i - 1][1]);
      if (kept.length < (kind === 0 ? 3 : 2)) continue;
      points += kept.length;
      bytes.push(kind);
      varint(bytes, kept.length);
      kept.forEach((p, i) => {
        zigzag(bytes, i ? p[0] - kept[i - 1][0] : p[0]);
        zigzag(bytes, i ? p[1] - kept[i - 1][1] : p[1]);
      });
    }
  };
  draw(0, feature(world, world.objects.land));
  draw(1, mesh(world, world.objects.countries, (a, b) => a !== b));
  const path = geoPath(projection);
  for (const country of feature(world, world.objects.countries).features) {
    const shape = country.geometry;
    // The label stands on the largest part: the centre of "France" is not in the Atlantic.
    const parts = shape.type === 'MultiPolygon' ? shape.coordinates : [shape.coordinates];
    const [largest] = parts
      .map((coordinates) => ({ type: 'Polygon', coordinates }))
      .sort((a, b) => geoArea(b) - geoArea(a));
    const [x, y] = path.centroid(largest);
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    const label = Buffer.from(country.properties.name, 'utf8');
    bytes.push(2);
    zigzag(bytes, Math.round(x));
    zigzag(bytes, Math.round(y));
    varint(bytes, Math.round(Math.sqrt(path.area(largest)) / 2));
    varint(bytes, label.length);
    bytes.push(...label);
  }
  writeFileSync(join(out, name), Buffer.from(bytes));
  console.log(`${name}: ${points} points, ${bytes.length} bytes`);
}

make('110m', 4, 'world.bin');
make('50m', 1, 'region.bin');
