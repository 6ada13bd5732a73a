// form[data-keep="name"]: what was typed survives a closed tab strip, a reload, a lost session and a failed sending.
// It stays in this tab (sessionStorage), under the person signed in; passwords, files and [data-private] are left out.
const PREFIX = 'draft:';
const WAIT = 400;
const LEFT_OUT = '[type="hidden"], [type="password"], [type="file"], [type="submit"], [type="button"], [data-private]';

const page = () => document.body.dataset.page ?? '';
const person = () => document.body.dataset.person ?? '';
const keyOf = (form) => `${PREFIX}${person()}:${form.dataset.keep || location.pathname}`;

function load(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function save(key, draft) {
  try {
    sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // The storage is full or forbidden: the form works as it would without drafts.
  }
}

const fields = (form) => [...form.elements].filter((field) => field.name && !field.matches(LEFT_OUT));

function read(form) {
  return fields(form).map((field) => {
    if (field.type === 'checkbox' || field.type === 'radio') return [field.name, field.value, field.checked];
    if (field.type === 'select-multiple') return [field.name, [...field.selectedOptions].map((o) => o.value), null];
    return [field.name, field.value, null];
  });
}

function write(form, values) {
  const rest = fields(form);
  values.forEach(([name, value, checked]) => {
    const at = rest.findIndex((f) => f.name === name && (checked === null || f.value === value));
    if (at < 0) return;
    const [field] = rest.splice(at, 1);
    if (checked !== null) field.checked = checked;
    else if (Array.isArray(value)) [...field.options].forEach((o) => { o.selected = value.includes(o.value); });
    else field.value = value;
    field.dispatchEvent(new Event('change', { bubbles: true }));
    field.tomselect?.sync();
  });
}

function offer(form, key, draft) {
  const template = document.getElementById('draft-notice');
  if (!template) return;
  const original = read(form);
  write(form, draft.values);
  const notice = template.content.firstElementChild.cloneNode(true);
  const time = notice.querySelector('time');
  time.dateTime = draft.at;
  time.textContent = new Date(draft.at).toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' });
  notice.querySelector('[data-discard]').addEventListener('click', () => {
    write(form, original);
    sessionStorage.removeItem(key);
    notice.remove();
  });
  form.prepend(notice);
}

function watch(form) {
  const key = keyOf(form);
  let timer;
  const keep = (sent) => {
    clearTimeout(timer);
    save(key, { at: new Date().toISOString(), values: read(form), sent });
  };
  const draft = load(key);
  const refused = form.matches('[data-refused]') || form.querySelector('.is-invalid, .errorlist');
  if (draft && !refused && JSON.stringify(draft.values) !== JSON.stringify(read(form))) offer(form, key, draft);
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => keep(false), WAIT);
  });
  form.addEventListener('submit', () => keep(true));
  form.addEventListener('reset', () => sessionStorage.removeItem(key));
  window.addEventListener('pagehide', () => clearTimeout(timer));
}

function settle() {
  // A sent draft is done with, unless the answer was an error or a request to sign in: then it waits for the form.
  const arrived = page() === 'frame';
  const shown = new Set([...document.querySelectorAll('form[data-keep]')].map(keyOf));
  Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => {
    const draft = load(key);
    if (!draft?.sent) return;
    if (arrived && !shown.has(key)) sessionStorage.removeItem(key);
    else if (!arrived) save(key, { ...draft, sent: false });
  });
}

export function startDrafts() {
  settle();
  document.querySelectorAll('form[data-keep]').forEach(watch);
  document.querySelectorAll('form[data-sign-out]').forEach((form) => form.addEventListener('submit', () => {
    Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => sessionStorage.removeItem(key));
  }));
}
