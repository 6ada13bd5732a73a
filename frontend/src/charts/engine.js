// ECharts with only the parts we draw with, the bureau's colours, and the language of the page.
import { BarChart, BoxplotChart, CustomChart, GaugeChart, LineChart, LinesChart, PieChart, SankeyChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent, DataZoomComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent,
} from 'echarts/components';
import { getInstanceByDom, init, registerLocale, registerTheme as register, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import english from 'echarts/lib/i18n/langEN';
import chinese from 'echarts/lib/i18n/langZH';
import { CanvasRenderer } from 'echarts/renderers';

use([
  BarChart, BoxplotChart, CustomChart, GaugeChart, LineChart, LinesChart, PieChart, SankeyChart, ScatterChart, AriaComponent,
  DataZoomComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent, LabelLayout,
  CanvasRenderer,
]);
registerLocale('ZH', chinese);
registerLocale('EN', english);

export const TONES = {
  blue: '#1a5cb8', light: '#b4c9e6', green: '#22944a', orange: '#d95f0e', red: '#d03535', purple: '#7b3ea8', teal: '#0b8577',
  yellow: '#d9a300', azure: '#2b8fd9', pink: '#c9437e', secondary: '#7a8aa0',
};
export const PALETTE = ['blue', 'orange', 'teal', 'purple', 'azure', 'yellow', 'pink', 'green', 'secondary'].map((n) => TONES[n]);
export const INK = '#1d2b3f';
export const QUIET = '#55647a';
export const LINE = '#dbe3ed';
export const FONT = getComputedStyle(document.documentElement).getPropertyValue('--tblr-font-sans-serif').trim();

const axis = {
  axisLine: { lineStyle: { color: '#8fa0b5' } },
  axisTick: { show: false },
  axisLabel: { color: QUIET, fontSize: 12 },
  splitLine: { lineStyle: { color: '#e6ecf3' } },
  nameTextStyle: { color: QUIET },
};

export function registerTheme() {
  register('bureau', {
    color: PALETTE,
    textStyle: { fontFamily: FONT, color: INK },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    legend: { textStyle: { color: INK }, itemWidth: 18, itemHeight: 11, icon: 'roundRect' },
    tooltip: { backgroundColor: '#fff', borderColor: LINE, textStyle: { color: INK, fontSize: 13 }, confine: true },
  });
}

export function start(element) {
  const locale = document.documentElement.lang.startsWith('zh') ? 'ZH' : 'EN';
  return getInstanceByDom(element) ?? init(element, 'bureau', { locale });
}

// Names come from people and reach innerHTML in a tooltip: everything goes through here.
export function escape(text) {
  return String(text ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

const formats = new Map();
export function number(value, digits = 3) {
  if (value === null || value === undefined || value === '' || Number.isNaN(Number(value))) return '—';
  if (!formats.has(digits)) formats.set(digits, new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: digits }));
  return formats.get(digits).format(Number(value)).replace('-', '−');
}

export const amount = (value, unit) => `${number(value)}${value === null || value === undefined ? '' : unit ?? ''}`;
export const toneOf = (name, at = 0) => TONES[name] ?? PALETTE[at % PALETTE.length];

export function card(title, rows) {
  const lines = rows.map(([label, value]) => `<div>${escape(label)}&#8195;<b>${escape(value)}</b></div>`);
  return `<div><b>${escape(title)}</b></div>${lines.join('')}`;
}

export function aria(label) {
  return { enabled: true, label: label ? { description: label } : {} };
}
