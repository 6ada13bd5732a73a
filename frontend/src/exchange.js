// htmx under a strict content policy: nothing evaluated, nothing styled inline, the CSRF token on every write.
import htmx from 'htmx.org';

import { word } from './words';
import { showToast } from './toasts';

function token() {
  const meta = document.querySelector('meta[name="csrf-token"]');
  return meta?.content || document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] || '';
}

export function startExchange() {
  Object.assign(htmx.config, {
    includeIndicatorStyles: false,
    allowEval: false,
    allowScriptTags: false,
    selfRequestsOnly: true,
    historyCacheSize: 0,
    responseHandling: [
      { code: '204', swap: false },
      { code: '[23]..', swap: true },
      { code: '422', swap: true },
      { code: '[45]..', swap: false, error: true },
    ],
  });
  document.addEventListener('htmx:configRequest', (event) => {
    if (event.detail.verb !== 'get') event.detail.headers['X-CSRFToken'] = token();
  });
  // A page that lost its session or its right says so, instead of doing nothing.
  document.addEventListener('htmx:responseError', (event) => {
    const status = event.detail.xhr.status;
    const text = { 401: word('signedOut'), 403: word('forbidden'), 404: word('gone'), 429: word('tooMany') }[status];
    showToast(text || word('failed'), 'danger');
  });
  document.addEventListener('htmx:sendError', () => showToast(word('offline'), 'danger'));
  window.htmx = htmx;
}
