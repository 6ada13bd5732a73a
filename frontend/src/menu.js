// The top menu keeps what fits and folds the rest into "more"; branches of the side tree open and close.
function fold(menu) {
  const more = menu.querySelector('[data-more]');
  const folded = more.querySelector('[data-more-items]');
  const items = [...menu.querySelectorAll(':scope > [data-item]')];
  const arrange = () => {
    folded.replaceChildren();
    items.forEach((item) => { item.hidden = false; });
    more.hidden = true;
    if (menu.clientWidth === 0) return;
    const fits = () => menu.scrollWidth <= menu.clientWidth;
    for (let last = items.length - 1; last > 0 && !fits(); last -= 1) {
      more.hidden = false;
      items[last].hidden = true;
      const link = items[last].querySelector('a').cloneNode(true);
      link.className = `dropdown-item${link.classList.contains('active') ? ' active' : ''}`;
      const row = document.createElement('li');
      row.append(link);
      folded.prepend(row);
    }
  };
  new ResizeObserver(arrange).observe(menu);
}

function toggle(event) {
  const button = event.target.closest('[data-branch]');
  if (!button) return;
  const open = button.getAttribute('aria-expanded') !== 'true';
  button.setAttribute('aria-expanded', String(open));
  const branch = button.closest('li').querySelector(':scope > ul');
  if (branch) branch.hidden = !open;
}

export function startMenu() {
  document.querySelectorAll('[data-fold]').forEach(fold);
  document.addEventListener('click', toggle);
}
