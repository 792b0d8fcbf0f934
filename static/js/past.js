// The board of another day: scrubbing in place. Every way through time is a link or a form that works without this.
(() => {
  const page = () => document.getElementById('past');
  const { say, warn } = window.hindsight;
  const byId = id => document.getElementById(id);

  // ---- an answer takes the place of the old board; the address and the title go along
  let latest = null;      // of several questions in a row only the last one is answered
  let drawn = location.search;
  let hadFocus = '';
  const isScrub = ctx => Boolean(ctx.sourceElement.closest?.('[data-scrub]'));
  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    const { body } = ctx.request;
    const shown = [...document.querySelectorAll('.board .column:not(.is-folded)')];
    if (!isScrub(ctx)) body.set('shown', shown.map(c => `${c.dataset.state}:${c.querySelectorAll('.card').length}`).join());
  });
  document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
    if (!isScrub(ctx)) return;
    latest = ctx;
    hadFocus = document.activeElement?.id ?? '';
    page().setAttribute('aria-busy', 'true');
  });
  document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
    if (!isScrub(ctx)) return;
    document.title = page().dataset.title;
    const address = new URL(ctx.request.action, location.href);
    if (ctx.sourceElement.tagName === 'FORM') address.search = new URLSearchParams(new FormData(ctx.sourceElement));
    if (address.search !== location.search) history.pushState({}, '', address);
    drawn = location.search;
    if (byId('past-more')?.matches(':popover-open')) byId('past-more').hidePopover();
    settle();
    const asks = page().querySelector('.is-question a');
    if (asks) return asks.focus();
    // A step that leads no further is no link any more.
    const back = byId(hadFocus);
    const nowhere = document.activeElement === document.body || document.activeElement.id === 'main';
    if (nowhere) (back?.matches('a, input') ? back : byId('past-title')).focus({ preventScroll: true });
  });
  document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
    if (ctx !== latest) return;
    page().removeAttribute('aria-busy');
    if (!(ctx.response?.status < 500)) warn(gettext('No answer from the server. Try again in a moment.'));
  });
  window.addEventListener('popstate', () => location.search !== drawn && location.reload());

  // ---- the slider: days around this moment; it goes there when it is let go, or a moment after an arrow key
  let waits = 0;
  const days = () => [...document.querySelectorAll('#scrub-slider li')];
  const tell = () => {
    const range = byId('scrub-range');
    const day = range && days()[range.value];
    if (!day) return;
    byId('scrub-words').textContent = day.textContent;
    range.setAttribute('aria-valuetext', day.textContent);
  };
  function go() {
    const range = byId('scrub-range');
    const query = days()[range.value].dataset.query;
    if (range.value === byId('scrub-slider').dataset.place) return;
    const way = byId('scrub-way');
    way.setAttribute('href', query);
    way.setAttribute('hx-get', query);
    htmx.ajax('GET', query, { source: way, swap: 'none' });
  }
  document.addEventListener('input', event => event.target.id === 'scrub-range' && tell());
  document.addEventListener('change', event => {
    if (event.target.id !== 'scrub-range') return;
    goSoon();
  });
  function goSoon() {
    clearTimeout(waits);
    waits = setTimeout(go, 200);
  }

  // ---- arrows and page keys inside the scrubber: a day, a week; several in a row are one way
  const KEYS = {
    ArrowLeft: ['scrub-day-back', -1], ArrowRight: ['scrub-day-on', 1], PageUp: ['scrub-week-back', -7], PageDown: ['scrub-week-on', 7],
  };
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest('#scrubber') || event.target.matches('input')) return;
    const [link, by] = KEYS[event.key] ?? [];
    if (!link) return;
    event.preventDefault();
    const range = byId('scrub-range');
    const place = range && Number(range.value) + by;
    if (!range || !days()[place]) return byId(link).matches('a') && byId(link).click();
    range.value = place;
    tell();
    goSoon();
  });

  // ---- arrows walk over the cards, one tab stop a column, as on today's board; here nothing can be lifted
  let lastCard = '';
  const columns = () => [...document.querySelectorAll('.board .column')];
  const cardsOf = column => [...column.querySelectorAll('.card')];
  const linkOf = card => card.querySelector('.card-name');
  function rove(chosen) {
    for (const column of columns()) {
      const cards = cardsOf(column);
      const current = cards.find(c => c === chosen) ?? cards.find(c => c.id === lastCard) ?? cards[0];
      for (const card of cards) linkOf(card).tabIndex = card === current ? 0 : -1;
    }
    if (chosen) linkOf(chosen).focus();
  }
  function beside(card, place, step) {
    const list = columns();
    for (let i = list.indexOf(card.closest('.column')) + step; list[i]; i += step) {
      const cards = cardsOf(list[i]);
      if (cards.length) return cards[Math.min(place, cards.length - 1)];
    }
  }
  function next(card, key) {
    const mine = cardsOf(card.closest('.column'));
    const at = mine.indexOf(card);
    if (key === 'ArrowRight' || key === 'ArrowLeft') return beside(card, at, key === 'ArrowRight' ? 1 : -1);
    return { ArrowDown: mine[at + 1], ArrowUp: mine[at - 1], Home: mine[0], End: mine.at(-1) }[key];
  }
  document.addEventListener('keydown', event => {
    const card = event.target.closest('#past .card');
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = next(card, event.key);
    if (to) rove(to);
    else if (event.key === ' ' || event.key.toLowerCase() === 'm') say(gettext('The past cannot be changed. Go back to today to move it.'));
    else if (!event.key.startsWith('Arrow')) return;
    event.preventDefault();
  });
  document.addEventListener('focusin', event => { lastCard = event.target.closest('#past .card')?.id ?? lastCard; });
  document.addEventListener('htmx:after:swap', () => rove());

  // ---- V: the other views of the board
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select')) return;
    if (event.key.toLowerCase() === 'v') document.querySelector('.view-button')?.click();
  });

  // ---- a part of a card that explains itself lies over its link; a click on it is a click on the card
  document.addEventListener('click', event => {
    const card = event.target.closest('.is-past .card');
    if (card && !event.target.closest('a')) card.querySelector('.card-name').click();
  });

  // ---- phone: the picker shows which column is in front
  let front = null;
  function watch() {
    front?.disconnect();
    const board = byId('board');
    if (!board) return;
    front = new IntersectionObserver(entries => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        for (const link of document.querySelectorAll('.column-picker a')) {
          if (link.hash === `#${target.id}`) link.setAttribute('aria-current', 'true');
          else link.removeAttribute('aria-current');
        }
      }
    }, { root: board, threshold: 0.6 });
    board.querySelectorAll('.column').forEach(column => front.observe(column));
  }

  function settle() {
    const slider = byId('scrub-slider');
    if (slider) {
      slider.hidden = false;
      byId('scrub-range').value = slider.dataset.place;
    }
    tell();
    watch();
    rove();
  }
  settle();
})();
