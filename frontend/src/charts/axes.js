// Charts on two axes with categories: bars, lines, boxes.
import { amount, aria, card, INK, number, TONES, toneOf } from './engine';

function legend(data) {
  return data.series.length > 1 ? { show: true, top: 0, type: 'scroll' } : { show: false };
}

function target(given, horizontal) {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: TONES.red, type: 'dashed', width: 1.5 },
    label: { formatter: given.label ?? '', position: horizontal ? 'start' : 'insideEndTop', rotate: 0, color: '#a32020', fontSize: 12, backgroundColor: 'rgba(255,255,255,.85)' },
  };
}

function markAt(given, horizontal) {
  return given && { ...target(given, horizontal), data: [horizontal ? { xAxis: given.value } : { yAxis: given.value }] };
}

function categoryAxis(data, page, horizontal) {
  const named = page.narrow() ? 110 : 150;
  const width = horizontal ? named : Math.max(20, (page.width() - 70) / Math.max(1, data.categories.length));
  const tight = !horizontal && width < 30;
  return {
    type: 'category',
    data: data.categories,
    inverse: horizontal,
    axisLabel: {
      interval: data.categories.length > 40 ? 'auto' : 0,
      width: horizontal ? named : tight ? 60 : width - 2,
      overflow: horizontal ? 'truncate' : 'break',
      rotate: tight ? 40 : 0,
    },
  };
}

// A per cent sign belongs to every number; any other unit is said once.
const suffix = (data) => (data.unit === '%' ? '%' : '');

const valueAxis = (data, horizontal) => ({
  type: 'value',
  name: data.axis ?? (suffix(data) ? '' : data.unit ?? ''),
  min: data.min,
  max: data.max,
  nameTextStyle: { align: horizontal ? 'right' : 'left', padding: horizontal ? 0 : [0, 0, 0, -20] },
  axisLabel: { formatter: (value) => amount(value, suffix(data)) },
});

function tooltip(data) {
  return {
    trigger: 'axis',
    axisPointer: { type: 'shadow', shadowStyle: { color: 'rgba(26,92,184,.06)' } },
    formatter: (items) => card(items[0].name, items.map((item) => [item.seriesName, amount(item.value?.value ?? item.value, data.unit)])),
  };
}

function frame(data, page, horizontal, series) {
  const category = categoryAxis(data, page, horizontal);
  const value = valueAxis(data, horizontal);
  const many = data.categories.length > 40;
  return {
    aria: aria(page.label),
    legend: legend(data),
    tooltip: tooltip(data),
    grid: { left: 8, right: 16, top: data.series.length > 1 ? 44 : data.axis || data.unit ? 32 : 16, bottom: many ? 40 : 8, containLabel: true },
    xAxis: horizontal ? value : category,
    yAxis: horizontal ? category : value,
    dataZoom: many ? [{ type: 'slider', [horizontal ? 'yAxisIndex' : 'xAxisIndex']: 0, height: 18, bottom: 8 }] : [],
    series,
  };
}

// Two series are mostly "before" and "after": the first one is pale, unless a colour is given.
function tone(data, series, at) {
  if (series.colour) return toneOf(series.colour);
  if (data.series.length === 2 && !data.stacked) return at === 0 ? TONES.light : TONES.blue;
  return toneOf(undefined, at);
}

function crowded(data, page) {
  const longest = Math.max(...data.categories.map((name) => String(name).length));
  return page.narrow() && (data.categories.length > 12 || data.categories.length * longest > 36);
}

export function bars(data, page) {
  const horizontal = data.horizontal ?? crowded(data, page);
  const dense = data.categories.length * data.series.length > (page.narrow() ? 16 : 24);
  const series = data.series.map((one, at) => ({
    type: one.kind ?? 'bar',
    name: one.name,
    stack: data.stacked ? 'all' : undefined,
    data: one.data.map((value, place) => ({ value, url: data.urls?.[place], itemStyle: one.colours?.[place] ? { color: toneOf(one.colours[place]) } : undefined })),
    color: tone(data, one, at),
    barMaxWidth: 34,
    barGap: '6%',
    cursor: data.urls ? 'pointer' : 'default',
    itemStyle: { borderRadius: data.stacked ? 0 : 2 },
    label: {
      show: !dense && !data.stacked && (data.series.length === 1 || at === data.series.length - 1),
      position: horizontal ? 'right' : 'top',
      color: INK,
      fontSize: 11,
      formatter: (item) => `${number(item.value, 2)}${suffix(data)}`,
    },
    markLine: at === 0 ? markAt(data.target, horizontal) : undefined,
  }));
  return frame(data, page, horizontal, series);
}

export function lines(data, page) {
  const series = data.series.map((one, at) => ({
    type: 'line',
    name: one.name,
    data: one.data,
    color: one.colour ? toneOf(one.colour) : toneOf(undefined, at),
    symbol: 'circle',
    symbolSize: 7,
    lineStyle: { width: 2.5, type: one.dashed ? 'dashed' : 'solid' },
    areaStyle: data.series.length === 1 ? { opacity: 0.08 } : undefined,
    connectNulls: false,
    markLine: at === 0 ? markAt(data.target, false) : undefined,
  }));
  return frame(data, page, false, series);
}

export function boxes(data, page) {
  const words = data.words ?? ['', '', '', '', ''];
  const option = frame({ ...data, series: [{}] }, page, false, [
    { type: 'boxplot', data: data.values, itemStyle: { color: '#dbe8f8', borderColor: TONES.blue, borderWidth: 1.5 }, boxWidth: [10, 40] },
    { type: 'scatter', data: data.outliers ?? [], symbolSize: 6, color: TONES.red },
  ]);
  option.series[0].markLine = markAt(data.target, false);
  option.tooltip = {
    trigger: 'item',
    formatter: (item) => (item.seriesType === 'boxplot'
      ? card(item.name, item.value.slice(1).map((value, at) => [words[at], amount(value, data.unit)]).reverse())
      : card(item.name || data.categories[item.value[0]], [['', amount(item.value[1], data.unit)]])),
  };
  return option;
}

