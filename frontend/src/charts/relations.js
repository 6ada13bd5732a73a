// Points on two measures, and streams from one side to the other.
import { amount, aria, card, number, toneOf } from './engine';

const axisOf = (given) => ({
  type: 'value',
  name: given.unit ? `${given.name ?? ''} (${given.unit})` : given.name ?? '',
  nameLocation: 'middle',
  nameGap: 32,
  scale: true,
  axisLabel: { formatter: (value) => number(value) },
});

export function scatter(data, page) {
  const { x = {}, y = {} } = data;
  return {
    aria: aria(page.label),
    legend: { show: data.series.length > 1, top: 0 },
    grid: { left: y.name ? 36 : 8, right: 20, top: data.series.length > 1 ? 40 : 16, bottom: x.name ? 36 : 8, containLabel: true },
    tooltip: {
      trigger: 'item',
      formatter: (item) => card(item.data.name, [[x.name ?? '', amount(item.value[0], x.unit)], [y.name ?? '', amount(item.value[1], y.unit)]]),
    },
    xAxis: axisOf(x),
    yAxis: axisOf(y),
    series: data.series.map((one, at) => ({
      type: 'scatter',
      name: one.name,
      color: toneOf(one.colour, at),
      symbolSize: (value) => Math.max(7, Math.min(34, value[2] ?? 9)),
      itemStyle: { opacity: 0.78, borderColor: '#fff', borderWidth: 1 },
      data: one.data.map((point) => ({ value: [point.x, point.y, point.size], name: point.name, url: point.url })),
    })),
  };
}

export function sankey(data, page) {
  const narrow = page.narrow();
  const names = new Map(data.nodes.map((node) => [String(node.id ?? node.name), node.name]));
  const named = (id) => names.get(String(id)) ?? id;
  return {
    aria: aria(page.label),
    tooltip: {
      trigger: 'item',
      formatter: (item) => (item.dataType === 'edge'
        ? card(`${named(item.data.source)} → ${named(item.data.target)}`, [['', amount(item.data.value, data.unit)]])
        : card(named(item.name), [['', amount(item.value, data.unit)]])),
    },
    series: [{
      type: 'sankey',
      left: 8,
      right: narrow ? 84 : 130,
      top: 12,
      bottom: 12,
      nodeGap: narrow ? 6 : 10,
      nodeWidth: 14,
      draggable: false,
      emphasis: { focus: 'adjacency' },
      lineStyle: { color: 'gradient', opacity: 0.35, curveness: 0.5 },
      label: { fontSize: 12, width: narrow ? 76 : 120, overflow: 'truncate', formatter: (item) => named(item.name) },
      data: data.nodes.map((node, at) => ({ name: String(node.id ?? node.name), url: node.url, itemStyle: { color: toneOf(node.colour, at) } })),
      links: data.links.map((link) => ({ ...link, source: String(link.source), target: String(link.target) })),
    }],
  };
}
