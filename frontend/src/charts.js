// Pages with charts: <div class="chart chart-md" data-chart="bar" data-source="id of the JSON" data-table="id of the table">.
// What each kind of chart expects is written in junheng/web/interface/figures.py, which also makes the table.
import { bars, boxes, lines } from './charts/axes';
import { registerTheme, start } from './charts/engine';
import { gauge, pie } from './charts/parts';
import { map } from './charts/map';
import { sankey, scatter } from './charts/relations';
import { word } from './words';

const KINDS = {
  bar: bars,
  'grouped-bar': bars,
  'stacked-bar': (data, page) => bars({ ...data, stacked: true }, page),
  line: lines,
  pie,
  scatter,
  boxplot: boxes,
  sankey,
  map,
  gauge,
};

function source(element) {
  const script = document.getElementById(element.dataset.source);
  return script ? JSON.parse(script.textContent) : null;
}

function open(params) {
  const url = params.data?.url;
  // Only a path of this site: data must not be able to lead a person elsewhere.
  if (typeof url === 'string' && /^\/(?!\/)/.test(url)) window.location.assign(url);
}

function makeToggle() {
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', className: 'btn btn-sm btn-ghost no-print', textContent: word('asTable') });
  button.dataset.chartToggle = '';
  return button;
}

function toggleOf(element) {
  const given = element.closest('.figure')?.querySelector('[data-chart-toggle]');
  if (given) return given;
  const made = makeToggle();
  element.after(made);
  return made;
}

function offerTable(element, chart) {
  const table = document.getElementById(element.dataset.table);
  if (!table) return;
  table.hidden = true;
  const button = toggleOf(element);
  const show = (asTable) => {
    table.hidden = !asTable;
    element.hidden = asTable;
    button.setAttribute('aria-pressed', String(asTable));
    (button.querySelector('[data-label]') ?? button).textContent = word(asTable ? 'asChart' : 'asTable');
    if (!asTable) chart.resize();
  };
  button.hidden = false;
  button.addEventListener('click', () => show(element.hidden === false));
}

function draw(element) {
  if (element.dataset.drawn) return;
  const data = source(element);
  const kind = KINDS[element.dataset.chart];
  if (!data || !kind) return;
  element.dataset.drawn = 'yes';
  const chart = start(element);
  const page = {
    narrow: () => element.clientWidth < 480,
    width: () => element.clientWidth,
    height: () => element.clientHeight,
    label: element.getAttribute('aria-label') ?? '',
  };
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  let painted = false;
  const paint = () => {
    chart.setOption({ animation: !still && !painted, animationDuration: 500, ...kind(data, page) }, { notMerge: true });
    painted = true;
  };
  paint();
  chart.on('click', open);
  offerTable(element, chart);
  let size = [element.clientWidth, element.clientHeight].join();
  new ResizeObserver(() => {
    const now = [element.clientWidth, element.clientHeight].join();
    // On paper the picture is scaled by the style sheet: a canvas drawn anew would come too late.
    if (element.hidden || now === size || window.matchMedia('print').matches) return;
    size = now;
    chart.resize();
    paint();
  }).observe(element);
}

registerTheme();
document.querySelectorAll('[data-chart]').forEach(draw);
document.addEventListener('htmx:load', (event) => event.target.querySelectorAll('[data-chart]').forEach(draw));
