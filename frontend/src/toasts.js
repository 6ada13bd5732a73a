// Short notices in a live region; the server sends one with HX-Trigger: {"toast": {"text": "…", "tone": "success"}}.
const STAY = 6000;

export function showToast(text, tone = 'info') {
  const region = document.getElementById('toasts');
  if (!region || !text) return;
  const toast = document.createElement('div');
  toast.className = `notice notice-${tone}`;
  toast.textContent = text;
  region.append(toast);
  setTimeout(() => toast.remove(), STAY);
}

export function startToasts() {
  document.addEventListener('toast', (event) => showToast(event.detail.text ?? event.detail.value, event.detail.tone));
}
