// The page of a lead: links that open a form in place, and where the focus goes after an answer.
(() => {
  // Where a lead stands is the end of its path; a long one begins scrolled to it.
  const showNow = () => {
    const path = document.getElementById('lead-path');
    if (path) path.scrollLeft = path.scrollWidth;
  };
  showNow();

  function openAction(id) {
    const action = document.getElementById(id);
    if (!action || action.hidden) return false;
    action.open = true;
    action.scrollIntoView({ block: 'nearest' });
    action.querySelector('form :is(input:not([type=hidden]), select, textarea)').focus();
    return true;
  }

  document.addEventListener('click', event => {
    const link = event.target.closest('[data-opens]');
    if (link && openAction(link.dataset.opens)) event.preventDefault();
  });

  // One form open at a time. Not by a name on the details: the answer's open form would be closed by the one it replaces.
  document.addEventListener('toggle', event => {
    if (!event.target.matches?.('.action[open]')) return;
    for (const other of document.querySelectorAll('.action[open]')) if (other !== event.target) other.open = false;
  }, true);

  // An answer replaces the form that asked: refused, its summary gets the focus; done, its heading does.
  const formOf = event => event.detail.ctx.sourceElement.closest?.('.action-form');
  let asked = null;
  document.addEventListener('htmx:before:request', event => {
    asked = formOf(event)?.closest('.action').id ?? null;
  });
  document.addEventListener('htmx:after:swap', () => {
    showNow();
    const action = asked && document.getElementById(asked);
    if (!action || document.activeElement !== document.body) return;
    (action.querySelector('.error-summary') ?? action.querySelector('summary')).focus();
  });

  // No answer, or none of ours: what was typed stays where it is, and the page says so.
  const NOT_SAVED = 'Not saved: the server did not answer. Your words are still here; try again.';
  const REFUSED = 'Not saved: the server refused this form. Your words are still here; load the page again in another tab.';
  document.addEventListener('htmx:before:swap', event => {
    if (formOf(event) && event.defaultPrevented && event.detail.ctx.response.status < 500) window.hindsight.warn(REFUSED);
  });
  document.addEventListener('htmx:finally:request', event => {
    if (formOf(event) && !(event.detail.ctx.response?.status < 500)) window.hindsight.warn(NOT_SAVED);
  });
})();
