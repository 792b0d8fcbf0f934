// The board by keyboard: arrows walk over the cards, Space lifts one, arrows choose the column, Space drops it.
// Every step is said in the live region.
(() => {
  const shared = window.hindsight.board;
  if (!shared) return;
  const { board, whyNot, columns, cardsOf, columnOf, nameOf, verdict, mark, aimAt, rove, send, inFlight } = shared;
  const { say, words } = window.hindsight;

  function beside(card, step) {
    const list = columns();
    const place = cardsOf(columnOf(card)).indexOf(card);
    for (let i = list.indexOf(columnOf(card)) + step; list[i]; i += step) {
      const cards = cardsOf(list[i]);
      if (cards.length) return cards[Math.min(place, cards.length - 1)];
    }
  }
  function lift(card) {
    shared.lifted = { card, aim: columnOf(card) };
    card.classList.add('is-lifted');
    mark(shared.lifted.aim);
    const values = { name: nameOf(card), stage: shared.lifted.aim.dataset.label };
    say(words(gettext('%(name)s lifted from %(stage)s. Left and right choose a column, Space drops, Escape puts it back.'), values));
  }
  function aim(step) {
    const list = columns();
    const target = list[list.indexOf(shared.lifted.aim) + step];
    if (!target) return;
    shared.lifted.aim = target;
    aimAt(target);
    target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    say(aimWords(target));
  }
  function aimWords(target) {
    const from = columnOf(shared.lifted.card);
    const said = {
      home: gettext('%(stage)s. It is here now.'),
      yes: gettext('%(stage)s. Space drops it here.'),
      asks: gettext('%(stage)s. Space drops it here and asks for details.'),
      no: gettext('%(stage)s. Not from here. %(why)s'),
    };
    const why = whyNot[from.dataset.state][target.dataset.state];
    return words(said[verdict(from, target)], { stage: target.dataset.label, why });
  }
  function drop() {
    const { card, aim: target } = shared.lifted;
    const is = verdict(columnOf(card), target);
    if (is === 'no') return say(aimWords(target));
    letGo();
    if (is === 'home') return say(backWords(card));
    const list = card.parentNode;
    const next = card.nextElementSibling;
    send(card, target, list, next);
  }
  const backWords = card => words(gettext('%(name)s put back.'), { name: nameOf(card) });
  function letGo() {
    shared.lifted.card.classList.remove('is-lifted');
    shared.lifted = null;
    mark(null);
  }
  function cancelLift() {
    if (!shared.lifted) return;
    const { card } = shared.lifted;
    letGo();
    say(backWords(card));
  }
  function lyingKeys(event, card) {
    const mine = cardsOf(columnOf(card));
    const at = mine.indexOf(card);
    const to = { ArrowDown: mine[at + 1], ArrowUp: mine[at - 1], Home: mine[0], End: mine.at(-1) }[event.key]
      ?? (event.key === 'ArrowRight' ? beside(card, 1) : event.key === 'ArrowLeft' ? beside(card, -1) : null);
    if (to) rove(to);
    else if (event.key === ' ' && !inFlight()) lift(card);
    else if (event.key.toLowerCase() === 'm') card.querySelector('.card-more').click();
    else return event.key.startsWith('Arrow');
    return true;
  }
  function liftedKeys(event) {
    if (event.key === 'ArrowRight') aim(1);
    else if (event.key === 'ArrowLeft') aim(-1);
    else if (event.key === ' ' || event.key === 'Enter') drop();
    else if (event.key === 'Escape') cancelLift();
    else if (event.key === 'Tab') { cancelLift(); return false; }
    return true;
  }
  board.addEventListener('keydown', event => {
    const card = event.target.closest('.card');
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    if (shared.lifted ? liftedKeys(event) : lyingKeys(event, card)) event.preventDefault();
  });
  document.addEventListener('pointerdown', cancelLift);

  // ---- V: the other views of the board
  const views = document.getElementById('views');
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (event.key.toLowerCase() !== 'v' || event.target.closest('input, textarea, select')) return;
    document.querySelector('.view-button').click();
    if (views.matches(':popover-open')) (views.querySelector('[aria-current]') ?? views.querySelector('a')).focus();
  });
  views.addEventListener('keydown', event => {
    const links = [...views.querySelectorAll('a')];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    links.at((links.indexOf(document.activeElement) + step) % links.length).focus();
  });
})();
