// The board by keyboard: arrows walk over the cards, Space lifts one, arrows choose the column, Space drops it.
// Every step is said in the live region.
(() => {
  const shared = window.hindsight.board;
  if (!shared) return;
  const { board, whyNot, columns, cardsOf, columnOf, nameOf, verdict, mark, aimAt, rove, send, inFlight } = shared;
  const { say } = window.hindsight;

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
    say(`${nameOf(card)} lifted from ${shared.lifted.aim.dataset.label}. Left and right choose a column, Space drops, Escape puts it back.`);
  }
  function aim(step) {
    const list = columns();
    const target = list[list.indexOf(shared.lifted.aim) + step];
    if (!target) return;
    shared.lifted.aim = target;
    aimAt(target);
    target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    say(`${target.dataset.label}. ${aimWords(target)}`);
  }
  function aimWords(target) {
    const from = columnOf(shared.lifted.card);
    const words = { home: 'It is here now.', yes: 'Space drops it here.', asks: 'Space drops it here and asks for details.' };
    return words[verdict(from, target)] ?? `Not from here. ${whyNot[from.dataset.state][target.dataset.state]}`;
  }
  function drop() {
    const { card, aim: target } = shared.lifted;
    const is = verdict(columnOf(card), target);
    if (is === 'no') return say(aimWords(target));
    letGo();
    if (is === 'home') return say(`${nameOf(card)} put back.`);
    const list = card.parentNode;
    const next = card.nextElementSibling;
    target.querySelector('.cards').prepend(card);
    card.querySelector('.card-name').focus();
    send(card, target, list, next);
  }
  function letGo() {
    shared.lifted.card.classList.remove('is-lifted');
    shared.lifted = null;
    mark(null);
  }
  function cancelLift() {
    if (!shared.lifted) return;
    const name = nameOf(shared.lifted.card);
    letGo();
    say(`${name} put back.`);
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
})();
