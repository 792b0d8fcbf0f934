// What every page shares: words, the dialog, the messages, two keys. Forms and links work without it.
// English is in the scripts; another language comes as a catalog before them and defines these two itself.
window.gettext ??= message => message;
window.ngettext ??= (one, many, n) => n === 1 ? one : many;

(() => {
  // A sentence with its blanks filled in: words('%(name)s put back.', {name}).
  const words = (message, values) => message.replace(/%\((\w+)\)s/g, (_, key) => values[key]);

  const dialog = document.getElementById('dialog');
  const toasts = document.getElementById('toasts');

  // ---- messages: good news fades (data-fades: after so many seconds), bad news waits to be dismissed
  const FADES_AFTER = 9;
  let tooLate = false;                                                // the last offer to undo has faded
  const fade = toast => setTimeout(() => {
    if (toast.matches(':hover, :focus-within')) return fade(toast);
    tooLate ||= Boolean(toast.querySelector('[data-undo]'));
    toast.remove();
  }, 1000 * (toast.dataset.fades || FADES_AFTER));
  // At most two stand over the page, on a phone one; bad news makes room only when it is dismissed.
  const phone = matchMedia('(width < 640px)');
  function thin() {
    const spare = [...toasts.querySelectorAll('[data-fades]')];
    const newest = toasts.lastElementChild;
    while (toasts.childElementCount > (phone.matches ? 1 : 2) && spare[0] && spare[0] !== newest) spare.shift().remove();
  }
  const arrived = nodes => {
    nodes.forEach(node => node.matches?.('[data-fades]') && fade(node));
    if (toasts.querySelector('[data-undo]')) tooLate = false;
    thin();
  };
  arrived([...toasts.children]);
  new MutationObserver(changes => changes.forEach(c => arrived(c.addedNodes))).observe(toasts, { childList: true });
  document.addEventListener('click', event => event.target.closest('[data-dismiss]')?.closest('.toast').remove());

  function say(text) { document.getElementById('say').textContent = text; }

  // Bad news. Over an open dialog everything else is out of reach, so it stands in the dialog then.
  function warn(text, link) {
    const toast = document.createElement('div');
    toast.className = 'toast toast-bad';
    const said = toast.appendChild(Object.assign(document.createElement('p'), { textContent: text }));
    if (link) said.append(' ', link);
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'icon-button', textContent: '×' });
    button.dataset.dismiss = '';
    button.setAttribute('aria-label', gettext('Dismiss this message'));
    toast.append(button);
    for (const old of dialog.querySelectorAll('.toast')) old.remove();
    const foot = dialog.open && dialog.querySelector('.dialog-foot');
    if (!foot) {
      toasts.append(toast);
      return say(text);
    }
    toast.setAttribute('role', 'alert');
    foot.before(toast);
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
    // One field to mend says by itself what is wrong: it must be seen, wherever in a long sheet it stands.
    const mend = wrong ? dialog.querySelectorAll('.form-row.is-invalid') : [];
    if (mend.length === 1) mend[0].scrollIntoView({ block: 'nearest' });
  }

  // Under a finger a text field would raise the keyboard over half of the dialog, and nobody looks for the focus.
  function firstOf(opens) {
    if (!matchMedia('(pointer: coarse)').matches) return dialog.querySelector('[data-first]');
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

  const holdsWords = form => [...form.elements ?? []].some(f => f.matches('textarea, input:not([type=hidden], [type=radio], [type=checkbox], [type=search])') && f.value.trim());

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
    if (ctx.response?.status < 500) return;
    if (dialog.contains(ctx.sourceElement)) {
      warn(holdsWords(ctx.sourceElement)
        ? gettext('Not saved: the server did not answer. Your words are still here; try again.')
        : gettext('Not saved: the server did not answer. Try again.'));
    } else if (toasts.contains(ctx.sourceElement)) {
      event.stopImmediatePropagation();                               // the board would speak of a card in the air
      warn(gettext('Not undone: the server did not answer. Try again.'));
    }
  });
  document.addEventListener('htmx:before:swap', event => {
    const { ctx, tasks } = event.detail;
    const wholePage = /<html[\s>]/i.test(ctx.text);
    const bare = ctx.response.status >= 400 && !tasks.some(task => task.type === 'partial');
    if (ctx.response.status < 500 && !wholePage && !bare) return;
    event.preventDefault();
    if (ctx.response.status >= 500) return;
    if (dialog.contains(ctx.sourceElement)) {
      warn(holdsWords(ctx.sourceElement)
        ? gettext('Not saved: the server refused this form. Your words are still here; load the page again in another tab.')
        : gettext('Not saved: the server refused this. Load the page again.'));
    } else if (toasts.contains(ctx.sourceElement)) warn(gettext('Not undone: the server refused this. Load the page again.'));
  });
  document.addEventListener('htmx:after:swap', event => {
    const told = event.detail.ctx.sourceElement.closest?.('.toast');
    if (told) told.remove();                                          // its move is undone, or can no longer be
    settle();
  });

  // ---- a session that ends takes no typed words along
  let loggedOut = false;
  document.addEventListener('htmx:before:response', event => {
    const { ctx } = event.detail;
    const way = ctx.hx.redirect && new URL(ctx.hx.redirect, location.href);
    if (!way?.pathname.endsWith('/login/') || ctx.request.method !== 'POST' || !holdsWords(ctx.sourceElement)) return;
    event.preventDefault();
    loggedOut = true;
    const link = Object.assign(document.createElement('a'), { href: way.href, target: '_blank', textContent: gettext('Log in') });
    warn(gettext('You were logged out. Your words are still here: log in in another tab, then save again.'), link);
  });
  // Back from that tab: a login changes the key that every form carries. Only the same person gets the new one.
  const KEY = 'hx-headers:inherited';
  async function catchUp() {
    if (!loggedOut || document.hidden) return;
    const answer = await fetch(location.href).then(r => r.text()).catch(() => '');
    const page = new DOMParser().parseFromString(answer, 'text/html');
    const who = root => root.querySelector('.user-button')?.textContent;
    if (!page.body.hasAttribute(KEY) || who(page) !== who(document)) return;
    loggedOut = false;
    document.body.setAttribute(KEY, page.body.getAttribute(KEY));
    const { 'X-CSRFToken': key } = JSON.parse(page.body.getAttribute(KEY));
    for (const field of document.querySelectorAll('[name=csrfmiddlewaretoken]')) field.value = key;
  }
  for (const back of ['focus', 'pageshow']) window.addEventListener(back, catchUp);
  document.addEventListener('visibilitychange', catchUp);

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open || event.defaultPrevented) return;
    if (event.target.closest('input, textarea, select, [contenteditable]')) return;
    const search = document.getElementById('search');
    if (event.key === '/' && search) { search.focus(); search.select(); event.preventDefault(); }
    const keys = document.getElementById('keys');
    if (event.key === '?' && keys) { fill(keys); event.preventDefault(); }
    if (event.key.toLowerCase() !== 'z') return;
    const undo = [...toasts.querySelectorAll('[data-undo]')].at(-1);
    if (undo) undo.click();
    else if (tooLate) {
      tooLate = false;                                                // said once
      warn(gettext('Too late for Z. On the lead’s page: “This was a mistake”.'));
    }
  });
  document.addEventListener('click', event => {
    const wanted = event.target.closest('[data-fills-dialog]');
    if (wanted) fill(document.getElementById(wanted.dataset.fillsDialog));
  });

  window.hindsight = { say, warn, words };
})();
