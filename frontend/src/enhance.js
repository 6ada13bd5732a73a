// Controls that a page, or a part that arrived by htmx, asks to have enhanced.
import Tooltip from 'bootstrap/js/dist/tooltip';
import TomSelect from 'tom-select/base';
import removeButton from 'tom-select/plugins/remove_button/plugin.js';

import { word } from './words';

TomSelect.define('remove_button', removeButton);

// A select with too many options for a page names the address that answers with them; they are asked for once.
function asked(address) {
  let there = false;
  return {
    preload: 'focus',
    shouldLoad: () => !there,
    load: (_, give) => {
      fetch(address, { headers: { Accept: 'application/json' } })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
        .then((options) => { there = true; give(options.map((each, place) => ({ ...each, $order: place + 2 }))); })
        .catch(() => give());
    },
  };
}

// Options are pupils' and teachers' names as typed by people: every text passes through the library's escape.
function select(element) {
  new TomSelect(element, {
    ...(element.dataset.options ? asked(element.dataset.options) : {}),
    plugins: element.multiple ? { remove_button: { title: word('remove') } } : {},
    maxOptions: 200,
    hidePlaceholder: true,
    allowEmptyOption: !element.multiple,
    render: {
      no_results: (_, escape) => `<div class="no-results">${escape(word('noResults'))}</div>`,
      loading: () => '<div class="spinner"></div>',
    },
  });
  // The control that took its place carries the label.
  element.setAttribute('aria-hidden', 'true');
}

function submitOnChange(control) {
  control.addEventListener('change', () => control.form?.requestSubmit());
}

function tip(element) {
  Tooltip.getOrCreateInstance(element, { title: element.dataset.tip, container: 'body' });
}

function back(button) {
  button.hidden = history.length < 2;
  button.addEventListener('click', () => history.back());
}

// Where the row of stages is wider than the page, it begins at the stage that runs.
function toCurrent(stages) {
  const current = stages.querySelector('[aria-current]');
  if (current) stages.scrollLeft = current.offsetLeft - (stages.clientWidth - current.offsetWidth) / 2;
}

const BEHAVIOURS = {
  'select[data-enhance]': select,
  '[data-tip]': tip,
  '[data-submit-on-change]': submitOnChange,
  '[data-print]': (button) => button.addEventListener('click', () => window.print()),
  '[data-history-back]': back,
  '.stages': toCurrent,
};
const done = new WeakSet();

export function enhance(root) {
  Object.entries(BEHAVIOURS).forEach(([selector, behaviour]) => {
    const found = [...root.querySelectorAll(selector), ...(root.matches?.(selector) ? [root] : [])];
    found.filter((element) => !done.has(element)).forEach((element) => {
      behaviour(element);
      done.add(element);
    });
  });
}
