// The county as a plane in kilometres: no tiles and no borders that nobody approved, only where schools stand.
// Clusters are hulls round their schools, circles are schools by pupils, curves are teachers who move.
import { amount, aria, card, INK, number, QUIET, toneOf, TONES } from './engine';
import { hull } from './hull';

const SMALL = 7;
const LARGE = 30;
// Room in pixels for the names of the schools at the right edge.
const LABEL = 64;
const TINTS = ['#e3edfa', '#e6f4ec', '#fdf1e4', '#f1eafa', '#e2f3f3', '#fbeaf1', '#f5f2df', '#e9edf3'];
const EDGES = ['#9dbde8', '#9fd3b3', '#eec394', '#c6abe2', '#94cfcd', '#e5aac5', '#d6cc90', '#b3c0d0'];

// Kilometres must be equal in both directions, whatever the shape of the box.
function extent(schools, page) {
  const xs = schools.map((s) => s.x);
  const ys = schools.map((s) => s.y);
  const span = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys), 1);
  const pad = Math.max(0.08 * span, (span * 34) / page.width());
  let [left, right, low, high] = [Math.min(...xs) - pad, Math.max(...xs) + pad, Math.min(...ys) - pad, Math.max(...ys) + pad];
  const wide = Math.max(1, page.width() - 16 - LABEL);
  const tall = Math.max(1, page.height() - 56);
  const scale = Math.max((right - left) / wide, (high - low) / tall);
  const spareX = (scale * wide - (right - left)) / 2;
  const spareY = (scale * tall - (high - low)) / 2;
  return { left: left - spareX, right: right + spareX + LABEL * scale, low: low - spareY, high: high + spareY, scale };
}

function regions(data, margin) {
  return (data.regions ?? []).map((region, at) => {
    const points = data.schools.filter((school) => school.group === region.key).map((s) => [s.x, s.y]);
    return { name: region.label, points: hull(points, margin), at };
  }).filter((region) => region.points.length > 2);
}

function drawRegion(region, api) {
  const pixels = region.points.map((point) => api.coord(point));
  const top = pixels.reduce((best, point) => (point[1] < best[1] ? point : best));
  return {
    type: 'group',
    children: [
      { type: 'polygon', shape: { points: pixels, smooth: 0.3 }, style: { fill: TINTS[region.at % TINTS.length], stroke: EDGES[region.at % EDGES.length], lineWidth: 1 } },
      {
        type: 'text',
        x: pixels.reduce((sum, point) => sum + point[0], 0) / pixels.length,
        y: top[1] + 2,
        style: { text: region.name, fill: QUIET, stroke: '#fff', lineWidth: 3, fontSize: 12, fontWeight: 600, align: 'center', verticalAlign: 'bottom' },
      },
    ],
  };
}

function regionSeries(found) {
  return {
    type: 'custom',
    name: '',
    silent: true,
    z: 0,
    clip: true,
    data: found.map((region) => [region.points[0][0], region.points[0][1]]),
    renderItem: (params, api) => drawRegion(found[params.dataIndex], api),
    tooltip: { show: false },
  };
}

// Circles shrink where many stand in a small box.
const crowding = (count, page) => Math.min(1, Math.sqrt((page.width() * page.height()) / Math.max(1, count)) / 95);
const sizeOf = (size, most, factor) => factor * (SMALL + (LARGE - SMALL) * Math.sqrt(Math.max(0, size ?? 0) / most));

// The arrow ends at the rim of the circle, where it can be seen.
function rim(from, to, gap) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  const kept = length > 2 * gap ? (length - gap) / length : 1;
  return [from.x + dx * kept, from.y + dy * kept];
}

function flowSeries(data, byId, scale, factor) {
  const flows = (data.flows ?? []).filter((flow) => byId.has(String(flow.from)) && byId.has(String(flow.to)));
  const most = Math.max(1, ...flows.map((flow) => flow.value));
  const largest = Math.max(1, ...data.schools.map((s) => s.size ?? 0));
  return {
    type: 'lines',
    coordinateSystem: 'cartesian2d',
    name: data.flow_label ?? '',
    color: TONES.orange,
    z: 2,
    symbol: ['none', 'arrow'],
    symbolSize: 9,
    clip: true,
    lineStyle: { color: TONES.orange, opacity: 0.8, curveness: 0.22 },
    emphasis: { lineStyle: { opacity: 1 } },
    data: flows.map((flow) => {
      const [from, to] = [byId.get(String(flow.from)), byId.get(String(flow.to))];
      return {
        coords: [[from.x, from.y], rim(from, to, scale * (3 + sizeOf(to.size, largest, factor) / 2))],
        from: from.name,
        to: to.name,
        amount: flow.value,
        label: flow.label ?? data.flow_label ?? '',
        lineStyle: { width: 1 + (4 * flow.value) / most },
      };
    }),
  };
}

function schoolSeries(data, page) {
  const most = Math.max(1, ...data.schools.map((s) => s.size ?? 0));
  const crowded = data.schools.length > 80;
  const factor = crowding(data.schools.length, page);
  return data.categories.map((category, at) => ({
    type: 'scatter',
    name: category.label,
    color: toneOf(category.colour, at),
    z: 3,
    clip: true,
    cursor: 'pointer',
    symbolSize: (_, item) => sizeOf(item.data.school.size, most, factor),
    itemStyle: { opacity: 0.92, borderColor: '#fff', borderWidth: 1.5 },
    label: {
      show: !page.narrow() || data.schools.length < 15,
      position: 'right',
      distance: 4,
      fontSize: crowded ? 10 : 11,
      color: INK,
      textBorderColor: '#fff',
      textBorderWidth: 2,
      formatter: (item) => item.data.school.short ?? item.data.school.name,
    },
    labelLayout: { hideOverlap: true },
    emphasis: { scale: 1.15, label: { show: true, fontWeight: 600 } },
    data: data.schools.filter((s) => s.category === category.key).map((s) => ({ value: [s.x, s.y], name: s.name, url: s.url, school: s })),
  }));
}

function describe(data, item) {
  if (item.seriesType === 'lines') return card(`${item.data.from} → ${item.data.to}`, [[item.data.label, amount(item.data.amount, data.flow_unit)]]);
  const school = item.data.school;
  if (!school) return '';
  const said = data.tip_words ? data.tip_words.map((word, at) => [word, school.tip[at]]) : school.tip;
  return card(school.name, said?.length ? said : [[data.size_label ?? '', number(school.size)]]);
}

export function map(data, page) {
  if (!data.schools.length) return {};
  const byId = new Map(data.schools.map((school) => [String(school.id), school]));
  const bounds = extent(data.schools, page);
  const hidden = { show: false, type: 'value' };
  const flows = flowSeries(data, byId, bounds.scale, crowding(data.schools.length, page));
  const inside = (axis) => ({ type: 'inside', [axis]: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseMove: true, minSpan: 8 });
  return {
    aria: aria(page.label),
    legend: { bottom: 4, data: [...data.categories.map((c) => ({ name: c.label, icon: 'circle' })), ...(flows.data.length ? [{ name: flows.name }] : [])] },
    grid: { left: 8, right: 8, top: 8, bottom: 48 },
    tooltip: { trigger: 'item', formatter: (item) => describe(data, item) },
    xAxis: { ...hidden, min: bounds.left, max: bounds.right },
    yAxis: { ...hidden, min: bounds.low, max: bounds.high },
    dataZoom: [inside('xAxisIndex'), inside('yAxisIndex')],
    series: [regionSeries(regions(data, Math.max(0.6, bounds.scale * 22))), flows, ...schoolSeries(data, page)],
  };
}
