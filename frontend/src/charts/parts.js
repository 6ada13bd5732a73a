// Parts of a whole, and one value on a scale.
import { amount, aria, card, INK, number, QUIET, TONES, toneOf } from './engine';

function slices(data) {
  const [one] = data.series;
  return data.categories.map((name, at) => ({ name, value: one.data[at], url: data.urls?.[at], itemStyle: { color: toneOf(one.colours?.[at], at) } }));
}

export function pie(given, page) {
  const data = { ...given, items: slices(given) };
  const total = data.items.reduce((sum, item) => sum + Number(item.value), 0);
  const share = (value) => (total ? `${number((100 * value) / total, 1)}%` : '');
  const narrow = page.narrow();
  return {
    aria: aria(page.label),
    tooltip: { trigger: 'item', formatter: (item) => card(item.name, [[amount(item.value, data.unit), share(item.value)]]) },
    legend: narrow ? { bottom: 0, type: 'scroll' } : { orient: 'vertical', right: 8, top: 'middle', type: 'scroll', formatter: (name) => {
      const item = data.items.find((one) => one.name === name);
      return `${name}  ${amount(item.value, data.unit)}`;
    } },
    title: data.label ? {
      text: amount(total, data.unit), subtext: data.label, left: narrow ? '49.5%' : '34.5%', top: narrow ? '36%' : '41%', textAlign: 'center',
      textStyle: { color: INK, fontSize: 20, fontWeight: 700 }, subtextStyle: { color: QUIET, fontSize: 12 }, itemGap: 2,
    } : undefined,
    series: [{
      type: 'pie',
      radius: narrow ? ['42%', '66%'] : ['46%', '74%'],
      center: narrow ? ['50%', '44%'] : ['35%', '50%'],
      padAngle: 1,
      itemStyle: { borderRadius: 3 },
      label: { formatter: (item) => share(item.value), color: INK, fontSize: 12 },
      labelLine: { length: 6, length2: 6 },
      data: data.items,
    }],
  };
}

export function gauge(data, page) {
  const max = data.max ?? 100;
  const good = data.target === undefined || (data.lower ? data.value <= data.target : data.value >= data.target);
  const color = good ? TONES.green : TONES.red;
  const at = data.target === undefined ? 1 : Math.min(1, data.target / max);
  return {
    aria: aria(page.label),
    series: [{
      type: 'gauge',
      min: data.min ?? 0,
      max,
      startAngle: 200,
      endAngle: -20,
      radius: '100%',
      center: ['50%', '64%'],
      progress: { show: true, width: 14, itemStyle: { color } },
      axisLine: { lineStyle: { width: 14, color: [[at, '#e3eaf2'], [1, data.target === undefined ? '#e3eaf2' : '#cfdbe9']] } },
      axisTick: { show: false },
      splitLine: { show: false },
      splitNumber: 4,
      axisLabel: { distance: -34, color: QUIET, fontSize: 11, formatter: (value) => number(value, 2) },
      pointer: { show: false },
      title: { offsetCenter: [0, '26%'], color: QUIET, fontSize: 12 },
      detail: { offsetCenter: [0, '-6%'], color: INK, fontSize: 24, fontWeight: 700, formatter: (value) => amount(value, data.unit) },
      data: [{ value: data.value, name: data.label ?? '' }],
    }],
  };
}
