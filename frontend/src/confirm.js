// [data-confirm="question"] on a button, link or form: asked in a dialog, then done.
const template = () => document.getElementById('confirm-dialog');

function ask(question, tone) {
  const dialog = template().content.firstElementChild.cloneNode(true);
  dialog.querySelector('[data-question]').textContent = question;
  if (tone) dialog.querySelector('[value="yes"]').className = `btn btn-${tone}`;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}

function proceed(element, event) {
  element.dataset.confirmed = 'yes';
  if (event.type === 'submit') element.requestSubmit(event.submitter ?? undefined);
  else element.click();
  delete element.dataset.confirmed;
}

// A form that the browser will refuse is not asked about.
function refused(element, event) {
  const sends = event.type === 'click' && element.form && element.type === 'submit';
  return sends && !element.form.noValidate && !element.formNoValidate && !element.form.reportValidity();
}

async function intercept(event) {
  const element = event.target.closest?.('[data-confirm]');
  if (!element || element.dataset.confirmed || !template()) return;
  if ((element.tagName === 'FORM') !== (event.type === 'submit')) return;
  if (refused(element, event)) {
    event.preventDefault();
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await ask(element.dataset.confirm, element.dataset.confirmTone)) proceed(element, event);
}

export function startConfirming() {
  document.addEventListener('click', intercept, true);
  document.addEventListener('submit', intercept, true);
  document.addEventListener('htmx:confirm', (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question).then((yes) => yes && event.detail.issueRequest(true));
  });
}
