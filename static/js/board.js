// The board: dragging, the keyboard, and answers that come while a hand is on a card.
// The server's columns are the truth; this script only moves a card ahead of the answer and back again.
(() => {
  const { say, warn, words } = window.hindsight;
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const board = one('#board');
  if (!board) return;
  const dialog = one('#dialog');
  const lost = one('#connection');
  const whyNot = JSON.parse(one('#why-not').textContent);
  const still = matchMedia('(prefers-reduced-motion: reduce)');

  const MAKES_WAY = 100;
  let dragging = false;
  let flight = null;      // {id, list, next, known}: a card that left its place before the server agreed
  let lastCard = null;    // id of the card that had the focus, for when its column is drawn anew

  const columnOf = element => element.closest('.column');
  const columns = () => all('.column', board);
  const cardsOf = column => all('.card', column);
  const nameOf = card => one('.card-name', card).textContent;
  const moveUrl = card => one('.card-more', card).getAttribute('href');

  // ---- which columns take a card
  function verdict(from, to) {
    if (from === to) return 'home';
    const { state } = to.dataset;
    if (!from.dataset.legal.split(' ').includes(state)) return 'no';
    return from.dataset.ask.split(' ').includes(state) ? 'asks' : 'yes';
  }
  function mark(from) {
    board.classList.toggle('is-choosing', Boolean(from));
    for (const column of columns()) {
      const is = from ? verdict(from, column) : '';
      column.classList.toggle('is-legal', is === 'yes' || is === 'asks');
      column.classList.toggle('asks-first', is === 'asks');
      column.classList.toggle('is-illegal', is === 'no');
      column.classList.remove('is-aimed');
      one('.column-why', column).textContent = is === 'no' ? whyNot[from.dataset.state][column.dataset.state] : '';
    }
  }
  const aimAt = target => columns().forEach(column => column.classList.toggle('is-aimed', column === target));

  // ---- the one way to move: mouse, touch and keyboard end here
  function send(card, to, list, next) {
    flight = { id: card.id, list, next };
    lastCard = card.id;
    card.setAttribute('aria-busy', 'true');
    settle(card, one('.cards', to));
    const values = { to: to.dataset.state, from: columnOf(list).dataset.state, version: card.dataset.version };
    htmx.ajax('POST', moveUrl(card), { source: card, swap: 'none', values });
  }
  function glide(card, was) {
    if (!card || !was || still.matches) return;
    const is = card.getBoundingClientRect();
    if (is.x === was.x && is.y === was.y) return;
    card.animate([{ transform: `translate(${was.x - is.x}px, ${was.y - is.y}px)` }, { transform: 'none' }], { duration: 220, easing: 'ease-out' });
  }
  // The newest in a stage stands on top, so that is where a card lands, wherever the hand let go.
  function settle(card, list) {
    if (list.firstElementChild === card) return;
    const was = card.getBoundingClientRect();
    const focused = card.contains(document.activeElement);
    list.prepend(card);
    glide(card, was);
    if (focused) one('.card-name', card).focus({ preventScroll: true });
  }
  function putBack() {
    if (!flight) return;
    const { id, list, next, known } = flight;
    const card = document.getElementById(id);
    flight = null;
    if (!card) return;
    card.removeAttribute('aria-busy');
    if (known) return;    // the server has drawn it where it belongs
    const was = card.getBoundingClientRect();
    const focused = card.contains(document.activeElement);
    list.insertBefore(card, next?.parentNode === list ? next : null);
    glide(card, was);
    if (focused) one('.card-name', card).focus({ preventScroll: true });
  }

  // ---- drag with the mouse, long press on touch
  function arm() {
    for (const list of all('.cards', board)) {
      const known = Sortable.get(list) ?? new Sortable(list, {
        group: 'leads', sort: false, draggable: '.card', filter: '.card-more', preventOnFilter: false,
        forceFallback: true, fallbackOnBody: true, fallbackTolerance: 4, fallbackClass: 'is-flying',
        delay: 200, delayOnTouchOnly: true, touchStartThreshold: 6,
        scroll: true, bubbleScroll: true, scrollSensitivity: 70, scrollSpeed: 14,
        onStart({ item, from }) {
          dragging = true;
          item.nextHome = item.nextElementSibling;
          Sortable.ghost.removeAttribute('id');
          Sortable.ghost.inert = true;
          mark(columnOf(from));
        },
        onMove({ to }) { aimAt(columnOf(to)); },
        onEnd({ item, from, to }) {
          dragging = false;
          mark(null);
          if (to === from) return look();
          send(item, columnOf(to), from, item.nextHome);
        },
      });
      // Making way is measured card by card: pleasant in a short column, seconds in one of a thousand.
      known.option('animation', still.matches || list.childElementCount > MAKES_WAY ? 0 : 140);
    }
    rove();
  }
  // One card in the air at a time: until the server has answered, no second one leaves its place.
  for (const press of ['pointerdown', 'mousedown', 'touchstart']) {
    board.addEventListener(press, event => flight && event.stopPropagation(), { capture: true, passive: true });
  }
  board.addEventListener('contextmenu', event => dragging && event.preventDefault());

  // ---- focus: one tab stop a column; the arrows are in board-keys.js
  function rove(chosen) {
    for (const column of columns()) {
      const cards = cardsOf(column);
      const current = cards.find(c => c === chosen) ?? cards.find(c => c.id === lastCard) ?? cards[0];
      for (const card of cards) for (const link of all('a', card)) link.tabIndex = card === current ? 0 : -1;
    }
    if (chosen) one('.card-name', chosen).focus();
  }
  board.addEventListener('focusin', event => {
    const card = event.target.closest('.card');
    if (card) lastCard = card.id;
  });
  board.addEventListener('click', event => {
    const more = event.target.closest('.card-more');
    const card = event.target.closest('.card');
    // A part of the card that explains itself lies over the link; a click on it is a click on the card.
    if (card && !event.target.closest('a')) return one('.card-name', card).dispatchEvent(new MouseEvent('click', event));
    if (!more || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    lastCard = more.closest('.card').id;
    htmx.ajax('GET', more.getAttribute('href'), { source: more, swap: 'none' });
  });

  // ---- asking and answering
  const busy = () => dragging || shared.lifted || flight || dialog.open || document.hidden;
  const isPoll = ctx => ctx.sourceElement.id === 'live';
  const look = () => htmx.trigger('#live', 'board:look');
  const tells = tasks => tasks.some(task => /^column-|^dialog$/.test(task.target?.id ?? ''));
  let was = null;

  // A card in the air counts where it came from: it has not moved yet.
  const shownIn = column => cardsOf(column).filter(card => card.id !== flight?.id).length + (flight && columnOf(flight.list) === column ? 1 : 0);
  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    const { body, method } = ctx.request;
    body.set('shown', columns().filter(c => !c.classList.contains('is-folded')).map(c => `${c.dataset.state}:${shownIn(c)}`).join());
    if (method !== 'POST') return;
    const cursor = new URL(one('#live').getAttribute('hx-get'), location.href).searchParams;
    for (const name of ['since', 'tail', 'drawn', 'ticked']) body.set(name, cursor.get(name));
  });
  document.addEventListener('htmx:before:request', event => {
    if (isPoll(event.detail.ctx) && busy()) event.preventDefault();
  });
  document.addEventListener('htmx:before:swap', event => {
    const { ctx, tasks } = event.detail;
    if (isPoll(ctx) && busy()) return event.preventDefault();
    if (ctx.response.status >= 500) return;                           // never half an answer; see finally
    if (flight && !isPoll(ctx) && !tells(tasks)) {
      event.preventDefault();
      if (dialog.open) return;                                        // the words stay, site.js says so
      putBack();
      return warn(ctx.response.status === 429
        ? gettext('Not saved: too many tries. Wait a moment; the card went back.')
        : gettext('Not saved: the server refused this. The card went back. Load the page again.'));
    }
    if (flight) {
      was = document.getElementById(flight.id)?.getBoundingClientRect();
      flight.known = tasks.some(task => /^column-/.test(task.target?.id ?? ''));
    }
  });
  document.addEventListener('htmx:after:swap', event => {
    const { ctx } = event.detail;
    arm();
    if (dialog.open) return;                                          // a form asks; the card waits in the air
    const landed = flight && document.getElementById(flight.id);
    landed?.removeAttribute('aria-busy');
    if (landed) glide(landed, was);
    flight = null;
    regainFocus();
  });
  document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
    const status = ctx.response?.status ?? 0;
    if (isPoll(ctx)) return status ? connected(status < 500) : undefined;
    if (ctx.neverSent || status && status < 500 || dialog.open) return;
    const moved = Boolean(flight);
    putBack();
    if (!moved) return warn(gettext('No answer from the server. Try again in a moment.'));
    look();
    warn(ctx.request.signal?.reason === 'timeout'
      ? gettext('The server took too long to answer, so the card went back. If the move was saved after all, the card moves by itself.')
      : gettext('Not saved: no connection to the server. The card went back.'));
  });
  document.addEventListener('htmx:error', ({ detail: { ctx } }) => ctx && isPoll(ctx) && connected(false));
  function connected(is) {
    if (lost.hidden === is) return;
    lost.hidden = is;
    say(is ? gettext('The connection is back.') : lost.textContent);
  }

  function regainFocus() {
    const nowhere = document.activeElement === document.body || document.activeElement.id === 'main';
    const card = nowhere && lastCard && document.getElementById(lastCard);
    if (card) rove(card);
  }
  dialog.addEventListener('close', () => {
    const waiting = flight && !flight.known && document.getElementById(flight.id);
    if (waiting) say(words(gettext('%(name)s put back.'), { name: nameOf(waiting) }));
    putBack();
    regainFocus();
    look();
  });
  document.addEventListener('visibilitychange', look);
  window.addEventListener('focus', look);
  window.addEventListener('online', look);

  // ---- phone: the picker shows which column is in front
  let inFront = null;
  function showFront() {
    for (const link of all('.column-picker a')) {
      if (link.hash === `#${inFront}`) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  }
  const front = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) inFront = target.id;
    showFront();
  }, { root: board, threshold: 0.6 });
  columns().forEach(column => front.observe(column));
  document.addEventListener('htmx:after:swap', showFront);              // an answer draws the links anew

  // ---- roomy or compact: at once here, and kept with the person
  one('#density').addEventListener('submit', async event => {
    event.preventDefault();
    const { submitter: button, target: form } = event;
    const body = new FormData(form, button);
    board.dataset.density = button.value;
    button.value = button.value === 'compact' ? 'roomy' : 'compact';
    button.setAttribute('aria-pressed', button.value === 'roomy');
    const answer = await fetch(form.action, { method: 'POST', body, headers: { 'HX-Request': 'true' } }).catch(() => null);
    if (answer?.status !== 204) warn(gettext('Your choice holds here but was not saved: try again when the server answers.'));
  });

  // For board-keys.js: the same board in the keyboard's hand.
  const shared = { board, whyNot, columns, cardsOf, columnOf, nameOf, verdict, mark, aimAt, rove, send, inFlight: () => flight, lifted: null };
  window.hindsight.board = shared;
  arm();
})();
