// What every page shares: words, the dialog, the messages, two keys. Forms and links work without it.
// English is in the scripts; another language comes as a catalog before them and defines these two itself.
window.gettext ??= message => message;
window.ngettext ??= (one, many, n) => n === 1 ? one : many;

(() => {
  // A sentence with its blanks filled in: words('%(name)s put back.', {name}).
  const words = (message, values) => message.replace(/%\((\w+)\)s/g, (_, key) => values[key]);

  const dialog = document.getElementById('dialog');
  const toasts = document.getElementById('toasts');

  // ---- messages: good news fades, bad news waits to be dismissed
  const FADE_AFTER = 9000;
  const fade = toast => setTimeout(() => {
    if (toast.matches(':hover, :focus-within')) return fade(toast);
    toast.remove();
  }, FADE_AFTER);
  // At most two stand over the page, on a phone one; bad news makes room only when it is dismissed.
  const phone = matchMedia('(width < 640px)');
  function thin() {
    const spare = [...toasts.querySelectorAll('[data-fades]')];
    const newest = toasts.lastElementChild;
    while (toasts.childElementCount > (phone.matches ? 1 : 2) && spare[0] && spare[0] !== newest) spare.shift().remove();
  }
  const arrived = nodes => {
    nodes.forEach(node => node.matches?.('[data-fades]') && fade(node));
    thin();
  };
  arrived([...toasts.children]);
  new MutationObserver(changes => changes.forEach(c => arrived(c.addedNodes))).observe(toasts, { childList: true });
  document.addEventListener('click', event => event.target.closest('[data-dismiss]')?.closest('.toast').remove());

  function say(text) { document.getElementById('say').textContent = text; }

  function warn(text) {
    const toast = document.createElement('div');
    toast.className = 'toast toast-bad';
    toast.append(Object.assign(document.createElement('p'), { textContent: text }));
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'icon-button', textContent: '×' });
    button.dataset.dismiss = '';
    button.setAttribute('aria-label', 'Dismiss this message');
    toast.append(button);
    toasts.append(toast);
    say(text);
  }

  // ---- the dialog holds whatever an answer put into it
  function settle() {
    const filled = dialog.childElementCount > 0;
    const opens = filled && !dialog.open;
    if (opens) dialog.showModal();
    if (!filled && dialog.open) dialog.close();
    if (!filled) return;
    for (const field of dialog.querySelectorAll('[data-narrows]')) field.closest('[hidden]')?.removeAttribute('hidden');
    const wrong = dialog.querySelector('.error-summary');
    const first = wrong ?? firstOf(opens);
    if (first && !first.contains(document.activeElement)) first.focus();
  }

  // Under a finger a text field would raise the keyboard over half of the dialog: its heading comes first there.
  function firstOf(opens) {
    const first = dialog.querySelector('[data-first]');
    if (!matchMedia('(pointer: coarse)').matches || first && !first.matches('input')) return first;
    const heading = dialog.querySelector('#dialog-title');
    if (heading) heading.tabIndex = -1;
    return opens || !dialog.contains(document.activeElement) ? heading : null;
  }

  function fill(template) {
    dialog.replaceChildren(template.content.cloneNode(true));
    settle();
  }

  dialog.addEventListener('close', () => dialog.replaceChildren());
  dialog.addEventListener('click', event => event.target.closest('[data-cancel]') && (event.preventDefault(), dialog.close()));

  // A long list of reasons: typing leaves those that hold every word.
  dialog.addEventListener('input', event => {
    const field = event.target;
    if (!field.matches('[data-narrows]')) return;
    const words = field.value.toLowerCase().split(/\s+/);
    for (const group of dialog.querySelectorAll(`#${field.dataset.narrows} .choice-group`)) {
      const choices = [...group.querySelectorAll('.choice')];
      for (const choice of choices) choice.hidden = !words.every(word => choice.textContent.toLowerCase().includes(word));
      group.hidden = choices.every(choice => choice.hidden);
    }
  });

  // ---- one submit is one request, and what is no answer of ours never lands in the page
  const waiting = new WeakSet();
  document.addEventListener('htmx:before:request', event => {
    const form = event.detail.ctx.sourceElement;
    if (form.tagName !== 'FORM') return;
    if (waiting.has(form) || !form.isConnected) {
      event.detail.ctx.neverSent = true;
      return event.preventDefault();
    }
    waiting.add(form);
  });
  document.addEventListener('htmx:finally:request', event => {
    const { ctx } = event.detail;
    if (ctx.neverSent) return;
    waiting.delete(ctx.sourceElement);
    const fromDialog = dialog.contains(ctx.sourceElement);
    if (fromDialog && !(ctx.response?.status < 500)) warn('Not saved: the server did not answer. Your words are still here; try again.');
  });
  document.addEventListener('htmx:before:swap', event => {
    const { ctx, tasks } = event.detail;
    const wholePage = /<html[\s>]/i.test(ctx.text);
    const bare = ctx.response.status >= 400 && !tasks.some(task => task.type === 'partial');
    if (ctx.response.status < 500 && !wholePage && !bare) return;
    event.preventDefault();
    if (ctx.response.status < 500 && dialog.contains(ctx.sourceElement)) {
      warn('Not saved: the server refused this form. Your words are still here; load the page again in another tab.');
    }
  });
  document.addEventListener('htmx:after:swap', settle);

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.target.closest('input, textarea, select, [contenteditable]')) return;
    const search = document.getElementById('search');
    if (event.key === '/' && search) { search.focus(); search.select(); event.preventDefault(); }
    const keys = document.getElementById('keys');
    if (event.key === '?' && keys) { fill(keys); event.preventDefault(); }
  });
  document.addEventListener('click', event => {
    const wanted = event.target.closest('[data-fills-dialog]');
    if (wanted) fill(document.getElementById(wanted.dataset.fillsDialog));
  });

  window.hindsight = { say, warn, words };
})();
