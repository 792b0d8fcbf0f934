// Selecting cards: a tap, a click or a key marks a card instead of opening it, and the bar at the foot reassigns them.
// The marks are put on here, because every board that shows the same gets the same cards.
(() => {
  const shared = window.hindsight.board;
  const button = document.getElementById('select-cards');
  const bar = document.getElementById('select-bar');
  if (!shared || !button || !bar) return;                             // a board that only shows offers no selecting
  const { board, columnOf, cardsOf, nameOf, rove } = shared;
  const { say, words } = window.hindsight;
  const chosen = new Set();
  let on = false;
  let last = null;
  button.hidden = false;

  const idOf = card => card.id.replace('lead-', '');
  const counted = () => words(ngettext('%(n)s selected', '%(n)s selected', chosen.size), { n: chosen.size });

  // ---- every card says whether it is in; an answer of the server draws cards without it
  function draw() {
    board.classList.toggle('is-selecting', on);
    button.setAttribute('aria-pressed', on);
    for (const card of board.querySelectorAll('.card')) {
      const is = on && chosen.has(idOf(card));
      const name = card.querySelector('.card-name');
      card.classList.toggle('is-selected', is);
      if (on) {
        name.setAttribute('role', 'checkbox');
        name.setAttribute('aria-checked', is);
      } else if (name.hasAttribute('role')) {
        name.removeAttribute('role');
        name.removeAttribute('aria-checked');
      }
    }
    bar.hidden = !on;
    bar.querySelector('.select-words').textContent = counted();
    bar.querySelector('[name=leads]').value = [...chosen].join();
    for (const act of bar.querySelectorAll('[data-needs-some]')) act.disabled = !chosen.size;
  }
  function set(cards, is) {
    for (const card of cards) chosen[is ? 'add' : 'delete'](idOf(card));
    draw();
  }
  function toggle(card, through) {
    const is = !chosen.has(idOf(card));
    const between = through && last && document.getElementById(last);
    let cards = [card];
    if (between && columnOf(between) === columnOf(card)) {
      const all = cardsOf(columnOf(card));
      const [from, to] = [all.indexOf(between), all.indexOf(card)].sort((a, b) => a - b);
      cards = all.slice(from, to + 1);
    }
    set(cards, through ? true : is);
    last = card.id;
    const said = chosen.has(idOf(card)) ? gettext('%(name)s selected, %(n)s in all.') : gettext('%(name)s no longer selected, %(n)s in all.');
    return words(said, { name: nameOf(card), n: chosen.size });
  }
  const howTo = () => gettext('Selecting: Space, X or a click takes a card in or out, R goes to “Reassign…”, Escape ends it.');
  function start() {
    on = true;
    draw();
    say(howTo());
  }
  function end() {
    const card = document.activeElement.closest?.('.card');
    const inBar = bar.contains(document.activeElement);
    on = false;
    chosen.clear();
    draw();
    if (inBar) button.focus();
    else if (card) rove(card);
    say(gettext('Selecting has ended; no card is selected.'));
  }

  // ---- R: from wherever the focus is to what all this was for
  function goOn() {
    if (chosen.size) bar.querySelector('.button-primary').focus();
    else say(`${counted()}.`);
  }

  button.addEventListener('click', () => on ? end() : start());
  bar.addEventListener('click', event => {
    if (event.target.closest('[data-clear]')) {
      set(board.querySelectorAll('.card'), false);
      chosen.clear();
      draw();
      say(counted());
      button.focus();
    }
    if (event.target.closest('[data-end]')) end();
  });

  // ---- while selecting no card leaves its place and none opens
  for (const press of ['pointerdown', 'mousedown', 'touchstart']) {
    board.addEventListener(press, event => on && event.target.closest('.card') && event.stopPropagation(), { capture: true, passive: true });
  }
  board.addEventListener('click', event => {
    const card = event.target.closest('.card');
    if (!on || !card || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    say(toggle(card, event.shiftKey));
  }, true);
  board.addEventListener('keydown', event => {
    const card = event.target.closest('.card');
    if (!card || shared.lifted || event.ctrlKey || event.metaKey || event.altKey) return;
    const x = event.key.toLowerCase() === 'x';
    if (on ? !(x || event.key === ' ' || event.key === 'Enter') : !x) return;
    event.preventDefault();
    event.stopPropagation();
    const fresh = !on;
    if (fresh) start();
    const said = toggle(card, event.shiftKey);
    say(fresh ? `${said} ${howTo()}` : said);
  }, true);
  document.addEventListener('keydown', event => {
    if (!on || document.querySelector('dialog[open], [popover]:popover-open')) return;
    if (event.key === 'Escape') end();
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest('input, textarea, select');
    if (plain && event.key.toLowerCase() === 'r') goOn();
  });
  document.addEventListener('htmx:after:swap', () => on && draw());
  // Back from the next page the browser may show this one as it was.
  window.addEventListener('pageshow', draw);
})();
