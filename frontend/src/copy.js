// [data-copy="text"] or [data-copy-from="#id"]: puts a text on the clipboard and says so.
import { showToast } from './toasts';
import { word } from './words';

function byHand(text) {
  const area = Object.assign(document.createElement('textarea'), { value: text, className: 'visually-hidden' });
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}

async function copy(text) {
  // Bureaus often serve over plain HTTP inside their own network, where there is no clipboard API.
  if (!navigator.clipboard) return byHand(text);
  return navigator.clipboard.writeText(text).then(() => true, () => byHand(text));
}

export function startCopying() {
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy], [data-copy-from]');
    if (!button) return;
    const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    const text = source ? (source.value ?? source.textContent).trim() : button.dataset.copy;
    const done = await copy(text);
    showToast(word(done ? 'copied' : 'notCopied'), done ? 'success' : 'danger');
  });
}
