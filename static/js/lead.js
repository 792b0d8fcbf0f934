// The page of a lead: links that open a form in place, where the focus goes after an answer, explanations under a finger.
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
    if (!link) return;
    link.closest('[popover]')?.hidePopover();
    if (openAction(link.dataset.opens)) event.preventDefault();
  });

  // One form open at a time. Not by a name on the details: the answer's open form would be closed by the one it replaces.
  document.addEventListener('toggle', event => {
    if (!event.target.matches?.('.action[open]')) return;
    for (const other of document.querySelectorAll('.action[open]')) if (other !== event.target) other.open = false;
  }, true);

  // A link that is a switch answers to the space bar as switches do.
  document.addEventListener('keydown', event => {
    if (event.key !== ' ' || !event.target.matches('a[role=switch]')) return;
    event.preventDefault();
    event.target.click();
  });

  // An answer replaces the form that asked: refused, its summary gets the focus; done, its heading does.
  // The sheet of the bar closes when it is used, and the focus is back on the button that opened it.
  const formOf = event => event.detail.ctx.sourceElement.closest?.('.action-form, .press-call');
  let asked = null;
  document.addEventListener('htmx:before:request', event => {
    const form = formOf(event);
    asked = form ? form.closest('.action')?.id ?? 'action-contact' : null;
    form?.closest('[popover]')?.hidePopover();
  });
  document.addEventListener('htmx:after:swap', () => {
    showNow();
    const action = asked && document.getElementById(asked);
    if (!action || !document.activeElement.matches('body, #bar-call')) return;
    const wrong = action.querySelector('.error-summary');
    if (wrong) wrong.focus();
    else if (document.activeElement === document.body) action.querySelector('summary').focus();
  });

  // What was asked from a row of the story comes back to it: its own links may be gone, its time is not.
  // After an undo out of a message the newest fact says what happened.
  const dialog = document.getElementById('dialog');
  const lost = () => document.activeElement === document.body;
  let row = null;
  document.addEventListener('htmx:before:request', event => {
    const { sourceElement: source } = event.detail.ctx;
    if (!dialog.contains(source)) row = source.closest?.('.fact')?.id ?? null;
  });
  dialog.addEventListener('close', () => {
    const fact = row && lost() && document.getElementById(row);
    if (fact) (fact.querySelector('.fact-actions a') ?? fact.querySelector('summary')).focus();
  });
  document.addEventListener('htmx:after:swap', event => {
    if (event.detail.ctx.sourceElement.closest?.('.toast') && lost()) document.querySelector('#story .fact summary')?.focus({ preventScroll: true });
  });

  // No answer, or none of ours: what was typed stays where it is, and the page says so. A quick call has no words.
  const REFUSED = [
    gettext('Not saved: the server refused this form. Your words are still here; load the page again in another tab.'),
    gettext('Not saved: the server refused this. Load the page again.'),
  ];
  const SILENT = [
    gettext('Not saved: the server did not answer. Your words are still here; try again.'),
    gettext('Not saved: the server did not answer. Try again.'),
  ];
  const warn = (form, said) => window.hindsight.warn(said[Number(form.matches('.press-call'))]);
  document.addEventListener('htmx:before:swap', event => {
    const form = formOf(event);
    if (form && event.defaultPrevented && event.detail.ctx.response.status < 500) warn(form, REFUSED);
  });
  document.addEventListener('htmx:finally:request', event => {
    const form = formOf(event);
    if (form && !(event.detail.ctx.response?.status < 500)) warn(form, SILENT);
  });

  // What a pointer learns by hovering, a finger learns by a tap.
  const tip = document.body.appendChild(Object.assign(document.createElement('p'), { className: 'tip', popover: 'auto' }));
  document.addEventListener('click', event => {
    const marked = event.target.closest('.lead-page [title]');
    if (!marked || event.target.closest('a, button, summary') || !matchMedia('(hover: none)').matches) return;
    tip.textContent = marked.title;
    tip.showPopover();
    window.hindsight.say(marked.title);
  });
})();
