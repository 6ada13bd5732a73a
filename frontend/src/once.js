// form[data-once]: a second press of the button does not send a second time.
function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll('[data-waiting]').forEach((button) => {
    button.removeAttribute('aria-disabled');
    button.classList.remove('btn-loading');
    delete button.dataset.waiting;
  });
}

export function startSendingOnce() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('form[data-once]') || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    const button = event.submitter ?? form.querySelector('[type="submit"]');
    if (!button) return;
    // Not `disabled`: a disabled button would not send its own name and value.
    button.dataset.waiting = 'yes';
    button.setAttribute('aria-disabled', 'true');
    button.classList.add('btn-loading');
  });
  document.addEventListener('htmx:afterRequest', (event) => {
    const form = event.target.closest?.('form[data-once]');
    if (form) release(form);
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) document.querySelectorAll('form[data-once]').forEach(release);
  });
}
